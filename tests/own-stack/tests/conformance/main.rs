//! The four drivers keep the rules of every driver.

mod plain_tcp;
