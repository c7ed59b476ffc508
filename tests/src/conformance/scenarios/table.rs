//! How the list of scenarios is written.

macro_rules! sockets {
    ($scenario:path) => {
        $scenario
    };
}

#[cfg(not(feature = "listen"))]
macro_rules! listen {
    ($scenario:path) => {
        |_| Err(crate::conformance::bench::Complaint::NEEDS_LISTEN)
    };
}

macro_rules! scenarios {
    ($($subject:ident needs $feature:ident { $($name:ident $([$($how:ident)+])?),+ $(,)? })+) => {
        pub(super) const SCENARIOS: &[Scenario] = &[$($(
            Scenario {
                name: stringify!($name),
                run: $feature!($subject::$name),
                needs: scenarios!(@needs $($($how)+)?),
                alone: scenarios!(@alone $($($how)+)?),
            },
        )+)+];
    };
    (@alone alone $($how:ident)*) => { true };
    (@alone $($how:ident)*) => { false };
    (@needs $(alone)? needs $need:ident) => { Some(Need::$need) };
    (@needs $(alone)?) => { None };
}
