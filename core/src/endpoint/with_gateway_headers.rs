use super::{Body, Definition, Endpoint, RequestName};
use crate::{GatewayHeaders, ServerUrl, reply::NotRead};

/// An endpoint whose request carries a gateway's headers, where they belong to its origin
/// ([`Endpoint::with_gateway_headers`]).
#[derive(Clone, Copy, Debug)]
pub struct WithGatewayHeaders<'h, E> {
    pub(super) endpoint: E,
    pub(super) headers: &'h GatewayHeaders,
}

impl<E: Endpoint> Endpoint for WithGatewayHeaders<'_, E> {
    type Output = E::Output;

    fn request(&self) -> http::Request<Vec<u8>> {
        let mut request = self.endpoint.request();
        self.headers.add_to(&mut request);
        request
    }
}

impl<E: Endpoint> Definition<E::Output> for WithGatewayHeaders<'_, E> {
    const NAME: RequestName = E::NAME;
    const PATH: &'static str = E::PATH;
    const REPLAYABLE: bool = E::REPLAYABLE;
    const SUCCESS_HAS_BODY: bool = E::SUCCESS_HAS_BODY;

    fn server(&self) -> &ServerUrl {
        self.endpoint.server()
    }

    fn without_permission() -> Option<E::Output> {
        E::without_permission()
    }

    fn read_success(&self, body: &Body<'_>) -> Result<E::Output, NotRead> {
        self.endpoint.read_success(body)
    }
}
