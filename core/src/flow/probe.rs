//! `GetServerInfo`: who the server is, and where its base path is.
//!
//! ```text
//! GetServerInfo ─ 200 ──────────────────────────────────────► the server
//!   ▲ ├── 3xx to https, or to where it really is ─► adopt that address ──┐
//!   │ └── 404 of a Jellyfin ─► the parents of the path, one by one ──────┤
//!   └────────────────────────────────────────────────────────────────────┘
//! ```

use super::{Budget, Content, Context, Setback, Transition};
use crate::{Error, ServerInfo, WaitReason, reply::Reply};

/// How many redirects are followed.
const MOST_HOPS: u8 = 5;
/// How many parents of a path are asked before the root.
const MOST_PARENTS: u8 = 5;

/// The probe of one address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Probe {
    hops: u8,
    parents: Parents,
}

/// Where the base path is looked for once a Jellyfin has answered 404.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
enum Parents {
    #[default]
    NotAsked,
    Asking {
        number: u8,
        retries: u32,
    },
    /// One of them led elsewhere.
    NoMore,
}

/// What came of a probe.
#[derive(Debug)]
pub(super) enum Probed {
    Found(Box<ServerInfo>),
    /// Another address is to be asked at once.
    Ask(Probe),
    Retry(Probe, Setback),
    Fail(Setback),
}

impl Probe {
    pub(super) fn next(self, reply: Reply<Content>, context: &mut Context<'_>) -> Probed {
        match reply {
            Reply::Success(Content::ServerInfo(info)) => Probed::Found(info),
            Reply::Redirect { adopt: Some(_), status, .. } if self.hops == MOST_HOPS => {
                let reason = WaitReason::Intercepted { status };
                Probed::Fail(Setback::ending(Error::TooManyRedirects, reason))
            }
            Reply::Redirect { adopt: Some(server), .. } => {
                context.target.adopt(server);
                let parents = match self.parents {
                    Parents::NotAsked => Parents::NotAsked,
                    Parents::Asking { .. } | Parents::NoMore => Parents::NoMore,
                };
                Probed::Ask(Self { hops: self.hops + 1, parents })
            }
            Reply::NotFound { marked: true } => self.ask_parent(context),
            other => self.set_back(Setback::of(context.request, other), context),
        }
    }

    fn set_back(self, setback: Setback, context: &mut Context<'_>) -> Probed {
        let passes = setback.budget != Budget::Nothing;
        match (self.parents, &setback.error) {
            (_, Error::ServerNotSetUp | Error::ServerStarting | Error::ServerBusy { .. })
            | (Parents::NotAsked, _) => {
                if passes {
                    Probed::Retry(self, setback)
                } else {
                    Probed::Fail(setback)
                }
            }
            (Parents::Asking { number, retries }, error)
                if passes
                    && retries < context.policy.retries
                    && !matches!(error, Error::Intercepted { .. }) =>
            {
                let parents = Parents::Asking { number, retries: retries + 1 };
                Probed::Retry(Self { parents, ..self }, setback)
            }
            // A Jellyfin was seen before: whatever else there is doesn't matter.
            (Parents::Asking { .. } | Parents::NoMore, _) => self.ask_parent(context),
        }
    }

    fn ask_parent(self, context: &mut Context<'_>) -> Probed {
        let (number, parent) = match self.parents {
            Parents::NotAsked => (1, context.target.server.parent()),
            Parents::Asking { number: number @ ..MOST_PARENTS, .. } => {
                (number + 1, context.target.server.parent())
            }
            Parents::Asking { number, .. } => (number, context.target.server.root()),
            Parents::NoMore => (0, None),
        };
        match parent {
            Some(parent) => {
                context.target.adopt(parent);
                Probed::Ask(Self { parents: Parents::Asking { number, retries: 0 }, ..self })
            }
            None => Probed::Fail(Setback::ending(Error::WrongBasePath, WaitReason::Other)),
        }
    }
}

impl Probed {
    /// What a flow does that has nothing to keep while it probes.
    pub(super) fn then<S, T>(
        self,
        found: impl FnOnce(Box<ServerInfo>) -> Transition<S, T>,
        probing: fn(Probe) -> S,
    ) -> Transition<S, T> {
        match self {
            Self::Found(info) => found(info),
            Self::Ask(probe) => Transition::Send(probing(probe)),
            Self::Retry(probe, setback) => Transition::Retry(probing(probe), setback),
            Self::Fail(setback) => Transition::Fail(setback.error),
        }
    }
}
