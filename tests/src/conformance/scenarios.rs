//! The scenarios: one function a rule, one file a subject.

#[macro_use]
mod table;

mod cancelling;
mod causes;
mod failures;
mod flows;
mod framing;
mod heads;
mod kept_connections;
mod kept_drivers;
mod limits;
mod proxies;
mod redirects;
mod requests;
mod reuse;
mod single_requests;
#[cfg(feature = "listen")]
mod tls;
#[cfg(feature = "listen")]
mod versions;
mod waits;

use super::suite::Scenario;
use crate::need::Need;
#[cfg(feature = "listen")]
use sockets as listen;

scenarios! {
    flows needs sockets {
        a_password_login_ends_signed_in,
        a_quick_connect_login_ends_signed_in,
        a_code_is_shown_with_every_wait,
        a_wrong_password_arrives_as_an_answer,
        a_refusal_arrives_as_an_answer,
        quick_connect_initiated_by_get_on_old_servers,
        next_shortens_a_wait,
        next_never_asks_twice_within_a_second,
        an_ipv6_address_is_reached [needs ipv6],
        localhost_is_reached_where_only_ipv4_listens,
        a_hundred_logins_run_side_by_side [alone],
    }
    waits needs sockets {
        next_pressed_while_a_wait_is_shown_counts,
        next_pressed_before_a_wait_is_forgotten,
        next_that_comes_too_early_shows_no_new_wait,
        a_wait_is_counted_from_before_it_is_shown,
        cancelled_while_a_wait_is_shown_is_cancelled,
    }
    versions needs listen {
        both_flows_on_10_7,
        both_flows_on_10_8,
        both_flows_on_10_9,
        both_flows_on_10_10,
        both_flows_on_10_11,
        both_flows_on_12,
        https_both_flows_on_10_7,
        https_both_flows_on_10_8,
        https_both_flows_on_10_9,
        https_both_flows_on_10_10,
        https_both_flows_on_10_11,
        https_both_flows_on_12,
    }
    requests needs sockets {
        requests_arrive_as_they_were_built,
        a_base_path_arrives_as_it_was_typed,
        a_secret_in_a_query_arrives_as_it_was_encoded,
        an_empty_post_announces_a_length_of_zero_once,
        a_password_arrives_in_one_piece_with_its_length,
        the_host_header_names_host_and_port,
        cookies_are_not_kept,
        gateway_headers_go_with_every_request,
    }
    framing needs sockets {
        a_chunked_answer_is_read,
        chunk_extensions_and_trailers_are_no_body,
        an_answer_that_ends_with_the_connection_is_read,
        a_head_in_single_bytes_is_read,
        an_http_1_0_answer_is_read,
        bytes_beyond_ascii_in_a_header_do_no_harm,
        an_unasked_100_is_passed_over,
        an_unasked_103_is_passed_over,
        status_520_is_an_answer,
        status_599_is_an_answer,
        a_204_has_no_body_to_wait_for,
        a_101_is_no_answer,
        garbage_is_no_answer,
        two_lengths_are_no_answer,
        a_bad_chunk_is_no_answer,
        a_chunked_body_may_be_as_large_as_any_other,
        a_compressed_answer_is_not_unpacked,
    }
    heads needs sockets {
        a_head_of_60_kib_is_read,
        a_head_of_more_than_64_kib_is_refused,
        a_hundred_headers_are_read,
        a_thousand_headers_are_refused,
        every_header_of_one_name_arrives,
        a_redirect_without_a_location_is_an_answer,
        a_password_that_meets_another_protocol_is_reported_as_it_is,
        endless_blank_lines_are_refused [alone],
        https_endless_informational_answers_are_refused [alone],
    }
    limits needs sockets {
        a_body_as_large_as_allowed_is_read,
        a_body_one_byte_too_large_is_refused,
        a_large_body_is_refused_when_it_is_announced,
        a_chunked_body_too_large_is_refused,
        an_endless_body_is_refused,
        endless_headers_are_refused,
        an_endless_header_is_refused,
        endless_trailers_are_refused [alone],
        endless_informational_answers_are_refused [alone],
        https_endless_session_tickets_are_refused [alone],
    }
    failures needs sockets {
        a_refused_port_is_unreachable,
        an_unknown_host_is_unreachable,
        a_full_backlog_times_out [needs full_backlog],
        a_black_hole_times_out,
        a_head_in_drips_times_out,
        a_body_in_drips_times_out,
        the_timeout_covers_the_whole_exchange,
        a_slow_answer_within_the_timeout_is_waited_for,
        a_server_that_reads_nothing_times_out,
        a_reset_before_the_request_is_no_answer,
        a_reset_after_the_request_is_interrupted,
        an_end_without_an_answer_is_interrupted,
        a_cut_off_head_is_interrupted,
        a_cut_off_body_is_interrupted,
        a_cut_off_chunked_body_is_interrupted,
        a_reset_in_the_body_is_interrupted,
        a_password_cut_off_is_never_sent_again,
        a_password_that_was_reset_is_never_sent_again,
        a_password_half_sent_is_never_sent_again [alone],
        https_a_password_half_sent_is_never_sent_again [alone],
    }
    reuse needs sockets {
        a_login_keeps_its_connection_between_polls,
        https_a_login_keeps_its_connection_between_polls,
        https_each_request_on_a_connection_has_its_own_time,
        a_finished_login_leaves_no_connection,
        a_connection_that_ended_idle_is_replaced,
        a_connection_that_was_reset_idle_is_replaced,
        a_stray_408_is_no_answer_to_the_next_request,
        a_stray_408_on_an_open_connection_is_no_answer,
        a_stray_200_is_no_answer_to_the_next_request,
        https_a_stray_200_is_no_answer_to_the_next_request,
        https_a_connection_that_ended_idle_is_replaced,
        https_a_connection_that_was_cut_idle_is_replaced,
        https_a_connection_that_said_goodbye_idle_is_replaced,
        https_session_tickets_without_end_hold_nothing_up,
        bytes_behind_an_answer_are_no_answer,
        connection_close_is_obeyed,
        http_1_0_closes_unless_it_says_otherwise,
        a_keep_alive_timeout_is_obeyed,
        a_poll_lost_on_a_kept_connection_is_sent_again,
        a_poll_reset_on_a_kept_connection_is_sent_again,
        a_request_sent_again_has_what_is_left_of_its_time,
        a_poll_lost_on_a_new_connection_is_the_logins_to_repeat,
        a_password_never_goes_on_a_dead_connection,
    }
    causes needs sockets {
        the_cause_is_the_systems_reason,
        the_cause_is_the_reason_of_tls,
        the_cause_is_never_an_older_failure,
        no_error_shows_a_password,
        no_error_shows_a_secret_in_an_address,
        https_no_error_shows_a_proxys_password,
    }
    redirects needs sockets {
        a_301_takes_no_password_elsewhere,
        a_302_takes_no_password_elsewhere,
        a_303_takes_no_password_elsewhere,
        a_307_takes_no_password_elsewhere,
        a_308_takes_no_password_elsewhere,
        a_redirected_initiate_is_not_followed,
        a_redirected_poll_takes_no_secret_elsewhere,
        a_probe_redirected_to_another_origin_stays,
        a_probe_redirected_to_the_base_path_is_the_logins_to_follow,
        redirects_in_a_circle_end,
        https_a_redirect_up_to_https_is_the_logins_to_follow,
        https_a_redirect_down_to_http_is_not_followed,
    }
    tls needs listen {
        https_both_flows_with_a_given_authority,
        https_with_several_authorities,
        https_by_a_host_name,
        https_by_an_ipv6_address [needs ipv6],
        https_with_tls_1_2_only,
        https_where_http_2_is_offered_too,
        https_with_a_given_self_signed_certificate,
        https_with_another_self_signed_certificate_is_refused,
        https_with_a_self_signed_certificate_for_another_name_is_refused,
        https_with_an_expired_self_signed_certificate_is_refused,
        https_with_an_unknown_authority_is_refused,
        https_with_another_name_is_refused,
        https_with_an_expired_certificate_is_refused,
        https_with_a_certificate_of_the_future_is_refused,
        https_where_plain_http_is_spoken_is_no_tls,
        https_where_garbage_is_spoken_is_no_tls,
        https_a_reset_in_the_handshake_is_no_answer,
        https_an_end_in_the_handshake_is_no_answer,
        https_a_client_certificate_that_is_wanted_is_no_answer,
        https_an_answer_broken_off_is_no_refusal_of_the_client,
        https_a_stalled_handshake_times_out,
        https_a_black_hole_behind_tls_times_out,
        https_the_timeout_covers_handshake_and_answer,
        https_an_end_without_close_notify_ends_no_body,
        https_a_close_notify_ends_a_body,
        https_a_cut_off_body_is_interrupted,
        https_an_endless_body_is_refused,
        https_a_password_cut_off_is_never_sent_again,
    }
    proxies needs sockets {
        a_proxy_carries_plain_http,
        a_proxy_gets_its_credentials_with_plain_http,
        a_proxy_that_is_not_there_is_no_answer,
        a_proxy_that_nobody_knows_is_no_answer,
        https_a_proxy_carries_a_tunnel,
        https_a_proxys_credentials_go_to_the_proxy_alone,
        https_a_connect_refused_is_the_proxys_failure,
        https_a_connect_answered_by_garbage_is_no_answer,
        https_a_connect_with_bytes_behind_its_answer_is_refused,
        https_a_connect_cut_off_is_no_answer,
        https_a_silent_proxy_times_out,
        https_a_proxy_that_is_not_there_is_no_answer,
    }
    cancelling needs sockets {
        cancelling_ends_a_connect [needs full_backlog],
        cancelling_ends_a_sending,
        cancelling_ends_the_wait_for_an_answer,
        cancelling_ends_a_password_under_way,
        cancelling_ends_each_request_of_quick_connect,
        cancelling_ends_an_answer_in_its_head,
        cancelling_ends_an_answer_in_its_body,
        cancelling_ends_an_endless_drip,
        cancelling_ends_a_wait,
        cancelling_ends_a_pause_after_a_failure,
        https_cancelling_ends_a_handshake,
        https_cancelling_ends_the_wait_for_an_answer,
        https_cancelling_ends_an_answer_in_its_body,
        https_cancelling_ends_a_flood_of_session_tickets [alone],
        https_cancelling_ends_a_wait,
    }
    single_requests needs sockets {
        single_request_with_a_password_goes_on_a_new_connection,
        single_request_with_a_password_is_never_sent_again,
        single_request_answered_with_408_on_a_new_connection_has_its_answer,
        single_request_under_way_is_cancelled,
        single_request_cancelled_beforehand_sends_nothing,
    }
    kept_connections needs sockets {
        kept_connection_serves_the_next_request_and_the_next_run,
        kept_connection_that_ended_is_replaced_unused,
        kept_connection_ended_on_one_side_is_replaced_unused,
        https_kept_connection_that_ended_is_replaced_unused,
        kept_connection_with_stray_bytes_is_replaced_unused,
        https_kept_connection_with_stray_bytes_is_replaced_unused,
        kept_connection_with_bytes_behind_its_answer_is_replaced_unused,
        kept_connection_that_loses_a_request_is_replaced,
        kept_connection_is_replaced_once_for_a_request,
        kept_connection_that_answered_a_byte_is_not_replaced,
        kept_connection_lost_for_good_may_have_carried_the_request,
        kept_connection_lasts_as_long_as_the_server_says,
        kept_connection_is_for_one_server,
        kept_connection_carries_a_large_answer,
        https_kept_connection_replaced_too_slowly_may_have_carried_the_request,
    }
    kept_drivers needs sockets {
        kept_driver_signs_in_by_password_after_a_cancel,
        kept_driver_asks_anew_after_a_request_that_was_cut,
        kept_driver_hears_no_command_of_an_ended_run,
        kept_driver_cancelled_before_its_run_sends_nothing,
        kept_driver_goes_on_with_a_login_that_was_lent,
        kept_driver_runs_a_search,
        kept_driver_tells_the_failures_of_a_search_apart,
    }
}
