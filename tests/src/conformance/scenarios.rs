//! The scenarios: one function a rule, one file a subject.

mod failures;
mod flows;
mod framing;
mod limits;
mod requests;

use super::{bench::Complaint, suite::Scenario};

macro_rules! scenarios {
    ($($subject:ident { $($name:ident $([$alone:ident])?),+ $(,)? })+) => {
        pub(super) const SCENARIOS: &[Scenario] = &[$($(
            Scenario {
                name: stringify!($name),
                run: $subject::$name,
                alone: scenarios!(@alone $($alone)?),
            },
        )+)+];
    };
    (@alone) => { false };
    (@alone alone) => { true };
}

scenarios! {
    flows {
        a_password_login_ends_signed_in,
        a_quick_connect_login_ends_signed_in,
        a_code_is_shown_with_every_wait,
        a_wrong_password_arrives_as_an_answer,
        a_refusal_arrives_as_an_answer,
        quick_connect_initiated_by_get_on_old_servers,
        next_shortens_a_wait,
        next_never_asks_twice_within_a_second,
        an_ipv6_address_is_reached,
        localhost_is_reached_where_only_ipv4_listens,
        a_hundred_logins_run_side_by_side [alone],
    }
    requests {
        requests_arrive_as_they_were_built,
        a_base_path_arrives_as_it_was_typed,
        a_secret_in_a_query_arrives_as_it_was_encoded,
        an_empty_post_announces_a_length_of_zero_once,
        a_password_arrives_in_one_piece_with_its_length,
        the_host_header_names_host_and_port,
        cookies_are_not_kept,
        extra_headers_go_with_every_request,
    }
    framing {
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
        a_compressed_answer_is_not_unpacked,
    }
    limits {
        a_body_as_large_as_allowed_is_read,
        a_body_one_byte_too_large_is_refused,
        a_large_body_is_refused_when_it_is_announced,
        a_chunked_body_too_large_is_refused,
        an_endless_body_is_refused,
        endless_headers_are_refused,
        an_endless_header_is_refused,
    }
    failures {
        a_refused_port_is_unreachable,
        an_unknown_host_is_unreachable,
        a_full_backlog_times_out,
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
    }
}
