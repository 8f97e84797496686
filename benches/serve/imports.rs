//! Imports of a whole organisation: everybody new, the same file again, with changes, and beside queries.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use skiplevel::domain::made_up::{Organisation, organisation};

use super::{
    Args, Failure,
    load::run,
    place::Place,
    process::{skiplevel, time},
    queries,
    report::{Beside, Report, Took},
    say,
    world::{World, plan},
};

/// Imports into an empty database, the same again, and with every hundredth title another one.
pub fn measure(place: &Place, people: usize, report: &mut Report) -> Result<(), Failure> {
    let organisation = organisation(&plan(people)?)?;
    let mut migrate = skiplevel(place);
    migrate.arg("migrate");
    time(migrate)?;
    for (what, changed) in [
        ("import of new people", Changed::Nobody),
        ("import of the same people again", Changed::Nobody),
        ("import with 1% changed", Changed::EveryHundredth),
    ] {
        say(&format!("{what}, {people}, into {}", place.name()));
        let file = place.directory().join("people.csv");
        fs::write(&file, csv(&organisation, changed))?;
        report.took.push(Took {
            what,
            people,
            database: Some(place.name()),
            run: time(command(place, "hr", &file))?,
        });
    }
    Ok(())
}

/// Asks for suggestions while a hundred thousand people of another source arrive.
pub fn beside_queries(args: &Args, place: &Place, world: &World, report: &mut Report) -> Result<(), Failure> {
    let server = queries::server(place)?;
    let requests = queries::requests(world, queries::SUGGESTIONS);
    let idle = run(server.address, &requests, args.seconds())?;
    let file = place.directory().join("others.csv");
    fs::write(&file, csv(&organisation(&plan(args.many_people)?)?, Changed::Everybody))?;
    say(&format!(
        "asking {} beside an import of {} people",
        place.name(),
        args.many_people
    ));
    let mut import = command(place, "others", &file).stdout(Stdio::null()).spawn()?;
    let meanwhile = run(server.address, &requests, args.seconds())?;
    let went_on = import.try_wait()?.is_none();
    let ended = import.wait()?;
    if !ended.success() {
        return Err(format!("the import ended with {ended}").into());
    }
    report.beside.push(Beside {
        database: place.name(),
        idle,
        meanwhile,
        went_on,
    });
    Ok(())
}

fn command(place: &Place, source: &str, file: &Path) -> Command {
    let mut command = skiplevel(place);
    command
        .args(["import", "people", "--source", source, "--apply"])
        .arg(file);
    command
}

/// Who differs from whom was made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Changed {
    /// Nobody.
    Nobody,
    /// Every hundredth person, by their title.
    EveryHundredth,
    /// Everybody, by their address: other people.
    Everybody,
}

/// Titles have commas in them, nothing has quotes.
fn csv(organisation: &Organisation, changed: Changed) -> String {
    let mut text = "external_id,name,email,title,department,location,manager_external_id,start_date\n".to_owned();
    for (at, person) in organisation.people.iter().enumerate() {
        let title = match changed {
            Changed::EveryHundredth if at % 100 == 0 => format!("{} II", person.title),
            _ => person.title.clone(),
        };
        let email = match changed {
            Changed::Everybody => format!("other.{}", person.email),
            _ => person.email.clone(),
        };
        let manager = person.manager.and_then(|key| organisation.person(key));
        let manager = manager.map_or("", |manager| &manager.external_id);
        let cells = [
            &person.external_id,
            &person.name,
            &email,
            &title,
            person.department,
            person.location,
            manager,
        ];
        let _ = writeln!(text, "\"{}\",{}", cells.join("\",\""), person.start);
    }
    text
}
