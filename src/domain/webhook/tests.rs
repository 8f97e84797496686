use super::*;

fn check(text: &str, expected: Result<Reach, Refused>) {
    assert_eq!(
        Target::parse(text, PrivateNetworks::Refused).map(|target| target.reach()),
        expected,
        "{text}"
    );
}

const NETWORK: Reach = Reach::Network(PrivateNetworks::Refused);

#[test]
fn https_goes_anywhere_and_http_to_this_machine() {
    check("https://hooks.example.com/a?b=c", Ok(NETWORK));
    check("https://1.1.1.1/", Ok(NETWORK));
    check("https://[2606:4700::1111]/", Ok(NETWORK));
    for this_machine in [
        "http://localhost:8080/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "https://localhost/",
        "http://127.9.9.9/",
    ] {
        check(this_machine, Ok(Reach::Loopback));
    }
    for other in [
        "http://hooks.example.com/",
        "http://1.1.1.1/",
        "http://localhost.example.com/",
        "ftp://example.com/",
    ] {
        check(other, Err(Refused::Scheme));
    }
}

#[test]
fn what_is_no_plain_address_is_refused() {
    for malformed in [
        "",
        "hooks.example.com",
        "/path",
        "https://",
        "mailto:a@example.com",
        "file://localhost/x",
    ] {
        check(malformed, Err(Refused::Malformed));
    }
    check(
        &format!("https://example.com/{}", "x".repeat(2000)),
        Err(Refused::Malformed),
    );
    for credentials in [
        "https://ada@example.com/",
        "https://ada:pw@example.com/",
        "https://:pw@example.com/",
        "https://example.com/#x",
    ] {
        check(credentials, Err(Refused::Credentials));
    }
}

#[test]
fn networks_that_are_nobodys_or_ones_own_are_refused_however_they_are_written() {
    let refused = [
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.51.100.1",
        "203.0.113.1",
        "198.18.0.1",
        "168.63.129.16",
        "100.100.100.200",
        "0xa000001",
        "167772161",
        "0251.0376.0251.0376",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::a00:1]",
        "[64:ff9b:1::a00:1]",
        "[2002:a00:1::]",
        "[::a00:1]",
        "[fe80::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[ff02::1]",
        "[2001:db8::1]",
        "[::]",
        "[fec0::1]",
        "[2001::1]",
        "[::ffff:169.254.169.254]",
    ];
    for host in refused {
        check(&format!("https://{host}/"), Err(Refused::Network));
    }
    for public in [
        "172.15.0.1",
        "172.32.0.1",
        "192.167.0.1",
        "100.63.0.1",
        "[64:ff9b::101:101]",
        "[::ffff:1.1.1.1]",
    ] {
        check(&format!("https://{public}/"), Ok(NETWORK));
    }
}

#[test]
fn private_networks_can_be_allowed_and_special_ones_cannot() {
    let parse = |host: &str| Target::parse(&format!("https://{host}/"), PrivateNetworks::Allowed);
    for allowed in [
        "10.0.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "[fd12::1]",
        "[::ffff:10.0.0.1]",
    ] {
        assert!(parse(allowed).is_ok(), "{allowed}");
    }
    for special in [
        "169.254.169.254",
        "[fd00:ec2::254]",
        "100.100.100.200",
        "224.0.0.1",
        "0.0.0.0",
        "[fe80::1]",
    ] {
        assert_eq!(parse(special), Err(Refused::Network), "{special}");
    }
}

#[test]
fn a_name_may_not_stand_for_this_machine_unless_it_is_called_so() {
    let ip = |text: &str| text.parse::<IpAddr>().unwrap();
    let named = Reach::of_name("hooks.example.com", PrivateNetworks::Allowed);
    assert!(!named.takes(ip("127.0.0.1")) && !named.takes(ip("::1")) && !named.takes(ip("::ffff:127.0.0.1")));
    assert!(named.takes(ip("1.1.1.1")));
    let local = Reach::of_name("LocalHost", PrivateNetworks::Refused);
    assert!(local.takes(ip("127.0.0.1")) && local.takes(ip("::1")) && !local.takes(ip("1.1.1.1")));
}

#[test]
fn waits_grow_up_to_four_hours_a_fifth_more_or_less() {
    let now = DateTime::UNIX_EPOCH;
    let wait = |attempts, jitter| (next_attempt(now, attempts, jitter) - now).num_milliseconds();
    assert_eq!(
        [1, 2, 3, 4].map(|attempts| wait(attempts, 500)),
        [10_000, 30_000, 90_000, 270_000]
    );
    assert_eq!([wait(1, 0), wait(1, 1000)], [8_000, 12_000]);
    assert_eq!([wait(9, 500), wait(40, 500), wait(u32::MAX, 500)], [14_400_000; 3]);
    let (mut spent, mut attempts) = (0, 0);
    while spent < GIVE_UP_AFTER.num_milliseconds() {
        attempts += 1;
        spent += wait(attempts, 500);
    }
    assert_eq!(attempts, 13, "in a day");
}
