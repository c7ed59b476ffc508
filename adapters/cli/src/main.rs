#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod account;
mod accounts;
mod addresses;
mod arguments;
mod certificates;
mod connection;
mod doctor;
mod failed;
mod gateway;
mod generate;
mod interrupts;
mod messages;
mod place;
mod private_file;
mod prompts;
mod server;
mod sign_in;
mod waiting;

use std::{process::ExitCode, sync::Arc};

use jellyfin_auth::{Endpoint, GatewayHeaders, Machine, Policy, ServerUrl, Session, Wait};
use jellyfin_auth_ureq::{Driver, Error};

use arguments::{Address, Arguments, Command};
use certificates::Connecting;
use connection::Connection;
use failed::Failed;
use interrupts::Interrupts;
use messages::Messages;
use place::Place;

/// What every command works with.
struct Program {
    driver: Driver,
    connecting: Connecting,
    interrupts: Interrupts,
    messages: Messages,
    policy: Arc<Policy>,
    /// For the gateways in front of the server.
    gateway_headers: GatewayHeaders,
}

fn main() -> ExitCode {
    let arguments = match arguments::read() {
        Ok(arguments) => arguments,
        Err(status) => return status,
    };
    let messages = Messages::new(arguments.json);
    match run(arguments, messages) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            messages.failed(&failed);
            failed.exit_code()
        }
    }
}

fn run(arguments: Arguments, messages: Messages) -> Result<(), Failed> {
    match arguments.command {
        None => sign_in::sign_in(
            &mut Program::new(&arguments.connection, messages)?,
            &arguments.sign_in,
            &arguments.connection,
        ),
        Some(Command::Check(source)) => {
            let mut program = Program::new(&arguments.connection, messages)?;
            account::check(&mut program, &source.place(), &arguments.connection)
        }
        Some(Command::Approve { code, source }) => account::approve(
            &mut Program::new(&arguments.connection, messages)?,
            &source.place(),
            &code,
            &arguments.connection,
        ),
        Some(Command::Logout(source)) => {
            let mut program = Program::new(&arguments.connection, messages)?;
            account::log_out(&mut program, &source.place(), &arguments.connection)
        }
        Some(Command::Address { what }) => {
            let mut program = Program::new(&arguments.connection, messages)?;
            match what {
                Address::List(source) => addresses::list(&program, &source.place()),
                Address::Add { address, first, allow_http, source } => addresses::add(
                    &mut program,
                    &source.place(),
                    &address,
                    (first, allow_http),
                    &arguments.connection,
                ),
                Address::Remove { address, source } => {
                    addresses::remove(&program, &source.place(), &address)
                }
            }
        }
        Some(Command::Accounts) => accounts::list(messages),
        Some(Command::Use { account }) => accounts::switch(&account, messages),
        Some(Command::Remove { account, forget: true }) => accounts::forget(&account, messages),
        Some(Command::Remove { account, forget: false }) => account::log_out(
            &mut Program::new(&arguments.connection, messages)?,
            &Place::Account(Some(account)),
            &arguments.connection,
        ),
        Some(Command::Header { line, source }) => {
            account::header(&Program::new(&arguments.connection, messages)?, &source.place(), line)
        }
        Some(Command::Users { address }) => server::users(
            &mut Program::new(&arguments.connection, messages)?,
            address.as_deref(),
            &arguments.connection,
        ),
        Some(Command::Info { address }) => server::info(
            &mut Program::new(&arguments.connection, messages)?,
            address.as_deref(),
            &arguments.connection,
        ),
        Some(Command::Doctor { address }) => doctor::doctor(
            &mut Program::new(&arguments.connection, messages)?,
            &address,
            &arguments.connection,
        ),
        Some(Command::Generate { what }) => generate::generate(&what),
    }
}

impl Program {
    fn new(connection: &Connection, messages: Messages) -> Result<Self, Failed> {
        let connecting = connection.connecting()?;
        let driver = Driver::with_options(connecting.options().clone());
        let interrupts = Interrupts::listen()?;
        let policy = Arc::new(connection.policy());
        let gateway_headers = GatewayHeaders::default();
        Ok(Self { driver, connecting, interrupts, messages, policy, gateway_headers })
    }

    /// Connects to these addresses with the certificates of the command line.
    fn connect_at(&mut self, addresses: &[ServerUrl]) -> Result<(), Failed> {
        self.connecting.at(addresses)?;
        self.driver.set_options(self.connecting.options().clone());
        Ok(())
    }

    /// Connects to a session's server with its certificates and those of the command line.
    fn connect_for(&mut self, session: &Session) -> Result<(), Failed> {
        self.connecting.for_session(session)?;
        self.driver.set_options(self.connecting.options().clone());
        Ok(())
    }

    /// Runs a machine, which the user can interrupt.
    fn run<M: Machine>(
        &mut self,
        machine: M,
        on_wait: impl FnMut(&Wait),
    ) -> Result<M::Output, Error> {
        self.interrupts.follow(self.driver.handle());
        self.driver.run_with(machine, on_wait)
    }

    /// Sends a request, which the user can interrupt, with what lets it past a gateway.
    fn call<E: Endpoint>(&mut self, endpoint: E) -> Result<E::Output, Error> {
        self.interrupts.follow(self.driver.handle());
        self.driver.call(&endpoint.with_gateway_headers(&self.gateway_headers))
    }
}
