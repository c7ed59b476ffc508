//! One address: connect, look at the certificate, ask who is there.

use std::{
    io,
    net::{IpAddr, SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant, SystemTime},
};

use http::{HeaderMap, Response, header};
use jellyfin_auth::{
    Endpoint as _, Failure, ServerUrl,
    endpoint::{GetQuickConnectEnabled, GetServerInfo},
};
use jellyfin_auth_transport::{ProxyServer, Route, Tls};
use jellyfin_auth_ureq::Driver;

use super::{
    facts::{Answer, Connection, Visit},
    gather::{LOOK_UP, Notebook, Way, look_up},
    probe::Probe,
    redirect::{has_same_origin, redirect},
};
use crate::failed::Failed;

/// How long each step may take.
const STEP: Duration = Duration::from_secs(4);
/// What every response of Jellyfin's main server carries.
const MARKER: &str = "x-response-time-ms";
/// The longest part of a header that is shown.
const LONGEST_HEADER: usize = 60;

/// What it takes to visit an address.
#[derive(Clone)]
pub(super) struct Visitor {
    /// The addresses of the candidates' host, which redirects that are followed don't leave.
    pub(super) addresses: Vec<IpAddr>,
    pub(super) way: Way,
}

impl Visitor {
    /// Notes what is seen at `url`; returns where it leads, if it is the same host's.
    pub(super) fn visit(&self, url: &ServerUrl, notebook: &Notebook) -> Option<ServerUrl> {
        let is_known =
            notebook.candidate().last().is_some_and(|last| has_same_origin(&last.url, url));
        let route = url.as_str().parse().map(|uri| self.way.options.route(&uri));
        let (proxy, route_error) = match route {
            Ok(Ok(Route::Proxy(proxy))) => (Some(proxy), None),
            Ok(Err(error)) => (None, Some(Failed::from(jellyfin_auth_ureq::Error::from(error)))),
            _ => (None, None),
        };
        if proxy.is_none() && self.addresses.is_empty() {
            return None;
        }
        notebook.candidate().visits.push(Visit {
            url: url.clone(),
            proxy: proxy.as_ref().map(|proxy| format!("{}:{}", proxy.host(), proxy.port())),
            connections: Vec::new(),
            tls: None,
            answer: None,
        });
        if let Some(error) = route_error {
            notebook.add(|visit| visit.answer = Some(Err(error)));
            return None;
        }
        if !is_known {
            let stream = self.connect(url, proxy.as_ref(), notebook)?;
            if url.is_encrypted()
                && proxy.is_none()
                && !self.look_at_certificate(url, stream, notebook)
            {
                return None;
            }
        }
        self.ask(url, notebook)
    }

    /// Connects to every address; the first connection that was made is returned.
    fn connect(
        &self,
        url: &ServerUrl,
        proxy: Option<&ProxyServer>,
        notebook: &Notebook,
    ) -> Option<TcpStream> {
        let (addresses, port) = match proxy {
            Some(proxy) => (look_up(proxy.host(), LOOK_UP).addresses().to_vec(), proxy.port()),
            None => (self.addresses.clone(), url.port()),
        };
        let attempts: Vec<_> = addresses
            .into_iter()
            .map(|address| SocketAddr::new(address, port))
            .map(|address| (address, thread::spawn(move || connect(address))))
            .collect();
        let mut first = None;
        for (address, attempt) in attempts {
            let outcome = match attempt.join() {
                Ok(Ok((stream, took))) => {
                    first.get_or_insert(stream);
                    Ok(took)
                }
                Ok(Err(kind)) => Err(kind),
                Err(_) => Err(io::ErrorKind::Other),
            };
            notebook.add(|visit| visit.connections.push(Connection { address, outcome }));
        }
        first
    }

    /// Whether a request would be sent there.
    fn look_at_certificate(
        &self,
        url: &ServerUrl,
        mut stream: TcpStream,
        notebook: &Notebook,
    ) -> bool {
        let inspected = stream
            .set_read_timeout(Some(STEP))
            .and_then(|()| stream.set_write_timeout(Some(STEP)))
            .map_err(|error| error.to_string())
            .and_then(|()| {
                let tls = Tls::new(&self.way.options);
                tls.inspect(&mut stream, url).map_err(|error| match error.failure() {
                    Failure::Timeout => "no reply to the handshake".to_owned(),
                    _ => error.to_string(),
                })
            });
        let is_trusted = inspected.as_ref().is_ok_and(|inspection| inspection.trust.is_ok());
        notebook.add(|visit| visit.tls = Some(inspected));
        is_trusted
    }

    /// Asks who is there, and a server whether Quick Connect is on.
    fn ask(&self, url: &ServerUrl, notebook: &Notebook) -> Option<ServerUrl> {
        let mut driver = Driver::with_options(self.way.options.clone());
        let begun = Instant::now();
        let response = match driver.run(Probe::new(url.clone(), &self.way, STEP)) {
            Ok(response) => response,
            Err(error) => {
                notebook.add(|visit| visit.answer = Some(Err(error.into())));
                return None;
            }
        };
        let answer = self.read(url, &response, begun.elapsed());
        let (is_server, next) = (answer.info.is_ok(), redirect(url, &answer.info));
        notebook.add(|visit| visit.answer = Some(Ok(answer)));
        if is_server {
            let endpoint = GetQuickConnectEnabled { server: url, device: &self.way.device };
            let endpoint = endpoint.with_gateway_headers(&self.way.gateway_headers);
            let enabled = driver.call(&endpoint).map_err(Failed::from);
            notebook.add(|visit| {
                if let Some(Ok(answer)) = &mut visit.answer {
                    answer.quick_connect = Some(enabled);
                }
            });
        }
        next
    }

    fn read(&self, url: &ServerUrl, response: &Response<Vec<u8>>, took: Duration) -> Answer {
        let headers = response.headers();
        let date = text(headers, header::DATE.as_str());
        let date = date.and_then(|date| httpdate::parse_http_date(&date).ok());
        Answer {
            status: response.status().as_u16(),
            took,
            server: text(headers, header::SERVER.as_str()),
            via: text(headers, header::VIA.as_str()),
            has_marker: headers.contains_key(MARKER),
            date: date.map(|date| (date, SystemTime::now())),
            info: GetServerInfo { server: url, device: &self.way.device }.read(response),
            quick_connect: None,
        }
    }
}

fn connect(address: SocketAddr) -> Result<(TcpStream, Duration), io::ErrorKind> {
    let begun = Instant::now();
    let stream = TcpStream::connect_timeout(&address, STEP).map_err(|error| error.kind())?;
    Ok((stream, begun.elapsed()))
}

/// A header as far as it is plain text.
fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let characters = headers.get(name)?.as_bytes().iter().map(|&byte| char::from(byte));
    let plain = |next: &char| next.is_ascii_graphic() || *next == ' ';
    let text: String = characters.filter(plain).take(LONGEST_HEADER).collect();
    (!text.is_empty()).then_some(text)
}
