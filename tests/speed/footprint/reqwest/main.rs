//! The same sign-in as a program would write it with reqwest alone: one request, no probe, no waits.

use std::{collections::HashMap, env, error::Error};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Authentication {
    #[expect(dead_code, reason = "what a program would keep")]
    access_token: String,
    user: User,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct User {
    id: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().ok_or("SERVER USER PASSWORD");
    let device =
        r#"MediaBrowser Client="Minimal", Version="1.0", Device="Desk", DeviceId="minimal-1""#;
    let answer: Authentication = reqwest::blocking::Client::new()
        .post(format!("{}/Users/AuthenticateByName", next()?))
        .header("Authorization", device)
        .json(&HashMap::from([("Username", next()?), ("Pw", next()?)]))
        .send()?
        .error_for_status()?
        .json()?;
    println!("{}", answer.user.id);
    Ok(())
}
