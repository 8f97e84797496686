//! `skiplevel token`: signs a token with the configured secret.

use std::io;

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;

use super::{Failure, print};
use crate::{
    auth::token::{NewToken, Role, sign},
    config::Config,
};

/// Arguments of `skiplevel token`.
#[derive(Debug, Args)]
pub(super) struct TokenArgs {
    /// Who bears it: an external id or an e-mail address, as `SKIPLEVEL_JWT_SUBJECT` says
    #[arg(long = "sub", value_name = "SUBJECT")]
    subject: String,

    /// What they may be, `hr_admin` or `integration`; can be repeated, none is a person
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<Role>,

    /// The source of people that an integration speaks for
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,

    /// How long it lives, in seconds, minutes, hours or days: 90s, 30m, 8h, 1d
    #[arg(long = "ttl", value_name = "TIME", default_value = "8h", value_parser = lifetime)]
    lifetime: TimeDelta,
}

/// Prints a token issued at `now`.
pub(super) fn run(
    args: &TokenArgs,
    config: &Config,
    now: DateTime<Utc>,
    out: &mut impl io::Write,
) -> Result<(), Failure> {
    let secret = config.tokens.secret()?;
    let token = NewToken {
        subject: &args.subject,
        roles: &args.roles,
        source: args.source.as_deref(),
        lifetime: args.lifetime,
    };
    print(out, &sign(secret, &config.tokens.rules, &token, now)?)
}

/// A time with its unit.
pub(super) fn lifetime(text: &str) -> Result<TimeDelta, String> {
    let parse = || {
        let unit = match text.chars().last()? {
            's' => 1,
            'm' => 60,
            'h' => 60 * 60,
            'd' => 24 * 60 * 60,
            _ => return None,
        };
        let count: u32 = text[..text.len() - 1].parse().ok()?;
        Some(TimeDelta::seconds(i64::from(count) * unit))
    };
    parse().ok_or_else(|| "write the time like 90s, 30m, 8h or 1d".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ConfigError;

    const SECRET: &str = "a secret of more than 32 bytes, I say";

    fn args() -> TokenArgs {
        TokenArgs {
            subject: "hr-feed".to_owned(),
            roles: vec![Role::Integration],
            source: Some("hr".to_owned()),
            lifetime: TimeDelta::hours(8),
        }
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn printed(args: &TokenArgs, secret: Option<&str>) -> Result<String, Failure> {
        let env = |name: &str| secret.filter(|_| name == "SKIPLEVEL_JWT_SECRET").map(str::to_owned);
        let mut out = Vec::new();
        run(args, &Config::from_text("", env).unwrap(), now(), &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn prints_a_token_that_the_server_accepts() {
        let config = Config::from_text(&format!("jwt_secret = {SECRET:?}"), |_| None).unwrap();
        let token = printed(&args(), Some(SECRET)).unwrap();
        let header = format!("Bearer {}", token.trim_end());
        let verified = config
            .tokens
            .verifier()
            .unwrap()
            .verify([header.as_bytes()], now())
            .unwrap();
        assert_eq!(verified.subject(), "hr-feed");
        assert_eq!(
            verified.roles().iter().copied().collect::<Vec<_>>(),
            [Role::Integration]
        );
        assert_eq!(verified.source(), Some("hr"));
        assert_eq!(verified.expires_at(), now() + TimeDelta::hours(8));
    }

    #[test]
    fn needs_a_secret_and_a_lifetime_within_the_rules() {
        assert!(matches!(
            printed(&args(), None),
            Err(Failure::Config(ConfigError::NoSecret))
        ));
        let long = TokenArgs {
            lifetime: TimeDelta::hours(25),
            ..args()
        };
        assert!(matches!(printed(&long, Some(SECRET)), Err(Failure::Token(_))));
    }

    #[test]
    fn times_have_a_unit() {
        let accepted = [("90s", 90), ("30m", 1800), ("8h", 28_800), ("1d", 86_400), ("0s", 0)];
        for (text, seconds) in accepted {
            assert_eq!(lifetime(text), Ok(TimeDelta::seconds(seconds)), "{text}");
        }
        for text in ["", "8", "h", "-1h", "1.5h", "8 h", "8é", "99999999999s"] {
            assert!(lifetime(text).is_err(), "{text}");
        }
    }
}
