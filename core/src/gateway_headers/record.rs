use serde::{Deserialize, Serialize};

use super::GatewayHeaders;
use crate::{
    ServerUrl,
    session::{RecordError, RecordSecret},
};

/// One line in the shape in which a program keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptHeader {
    origin: String,
    name: String,
    value: RecordSecret,
}

impl GatewayHeaders {
    pub(crate) fn to_kept(&self) -> Vec<KeptHeader> {
        let lines = self.lines().iter().map(|line| KeptHeader {
            origin: line.origin.as_str().to_owned(),
            name: line.name.as_str().to_owned(),
            value: RecordSecret(line.value.expose().to_owned()),
        });
        lines.collect()
    }

    /// # Errors
    ///
    /// [`RecordError::Missing`] when a line is no use.
    pub(crate) fn of_kept(kept: &[KeptHeader]) -> Result<Self, RecordError> {
        let mut headers = Self::default();
        for KeptHeader { origin, name, value } in kept {
            let origin = ServerUrl::from_exact(origin)?;
            headers
                .add(&origin, name, &value.0)
                .map_err(|_| RecordError::Missing { part: "gateway_headers" })?;
        }
        Ok(headers)
    }
}
