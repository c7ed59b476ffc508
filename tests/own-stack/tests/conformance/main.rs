//! The three drivers keep the rules of every driver.

mod frame_loop;
mod hyper_util;
mod plain_tcp;
