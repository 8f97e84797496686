use super::*;
use crate::domain::account::Profile;

fn ada() -> Account {
    let at = "2026-01-05T09:00:00Z".parse().unwrap();
    Account {
        id: Uuid::from_u128(7),
        profile: Profile {
            external_id: Some("A1".to_owned()),
            user_name: "Ada@example.org".to_owned(),
            given_name: Some("Ada".to_owned()),
            display_name: "Ada Example".to_owned(),
            email: Some("ada@example.org".to_owned()),
            manager: Some("m".to_owned()),
            active: true,
            ..Profile::default()
        },
        created_at: at,
        updated_at: at,
    }
}

#[test]
fn filters_mean_whom_they_should() {
    for (filter, expected) in [
        (r#"userName eq "ada@EXAMPLE.org""#, true),
        (r#"USERNAME Eq "ada@example.org""#, true),
        (r#"externalId eq "a1""#, false),
        (r#"externalId eq "A1""#, true),
        (r#"emails.value co "EXAMPLE""#, true),
        (r#"emails[type eq "work" and value sw "ada"]"#, true),
        (r#"emails[type eq "home"]"#, false),
        (r#"emails eq "ada@example.org""#, true),
        ("title pr", false),
        ("not (title pr)", true),
        (r#"title ne "Head""#, true),
        ("title eq null", true),
        ("name pr and active eq true", true),
        (r#"active eq "False""#, false),
        (r#"name.givenName eq "ada" or title pr"#, true),
        (r#"meta.lastModified gt "2026-01-05T08:59:59Z""#, true),
        (r#"meta.lastModified lt "2026-01-05T10:00:00+01:00""#, false),
        (
            r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "m""#,
            true,
        ),
        (
            r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq "M""#,
            false,
        ),
        (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName ew ".ORG""#, true),
    ] {
        let test = Test::read(filter).unwrap_or_else(|error| panic!("{filter}: {error:?}"));
        assert_eq!(test.holds(&ada()), expected, "{filter}");
    }
}

#[test]
fn what_cannot_be_answered_is_refused() {
    for filter in [
        "",
        "userName",
        r#"nickName eq "x""#,
        r#"meta eq "x""#,
        r#"userName gt "a""#,
        r#"active co "t""#,
        r#"meta.lastModified gt "yesterday""#,
        "userName eq true",
        r#"phoneNumbers[type eq "work"]"#,
        r#"emails[sort eq "work"]"#,
        r#"urn:ietf:params:scim:schemas:core:2.0:User:department eq "x""#,
        &"(".repeat(1000),
    ] {
        let error = Test::read(filter).expect_err(filter);
        assert_eq!(error.body()["scimType"], "invalidFilter", "{filter}");
    }
}

#[test]
fn equality_is_answered_by_an_index() {
    let index = |filter: &str| Test::read(filter).unwrap().index();
    let name = || AccountFilter::UserName("x".to_owned());
    assert_eq!(index(r#"userName eq "x""#), name());
    assert_eq!(index(r#"active eq true and userName eq "x""#), name());
    assert_eq!(
        index(r#"emails[type eq "work" and value eq "x"]"#),
        AccountFilter::Email("x".to_owned())
    );
    assert_eq!(index(r#"externalId eq "x""#), AccountFilter::ExternalId("x".to_owned()));
    assert_eq!(index(r#"id eq "x""#), AccountFilter::Id(Uuid::nil()));
    assert_eq!(index(r#"userName eq "x" or userName eq "y""#), AccountFilter::None);
    assert_eq!(index(r#"not (userName eq "x")"#), AccountFilter::None);
}
