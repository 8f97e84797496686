//! Imports of a whole organisation: everybody new, and the same file again.

use std::{fmt::Write as _, fs};

use skiplevel::domain::made_up::{Organisation, organisation};

use super::{
    Args, Failure,
    place::Place,
    process::{Run, skiplevel, time},
    report::{Report, Took},
    say,
    world::plan,
};

/// Imports into an empty database, twice.
pub fn measure(args: &Args, place: &Place, report: &mut Report) -> Result<(), Failure> {
    let file = place.directory().join("people.csv");
    fs::write(&file, csv(&organisation(&plan(args.people)?)?))?;
    let import = || -> Result<Run, Failure> {
        let mut command = skiplevel(place);
        command
            .args(["import", "people", "--source", "hr", "--apply"])
            .arg(&file);
        time(command)
    };
    let mut migrate = skiplevel(place);
    migrate.arg("migrate");
    time(migrate)?;
    for what in ["import of new people", "import of the same people again"] {
        say(&format!("{what} into {}", place.name()));
        report.took.push(Took {
            what,
            people: args.people,
            database: Some(place.name()),
            run: import()?,
        });
    }
    Ok(())
}

/// Titles have commas in them, nothing has quotes.
fn csv(organisation: &Organisation) -> String {
    let mut text = "external_id,name,email,title,department,location,manager_external_id,start_date\n".to_owned();
    for person in &organisation.people {
        let manager = person.manager.and_then(|key| organisation.person(key));
        let manager = manager.map_or("", |manager| &manager.external_id);
        let cells = [
            &person.external_id,
            &person.name,
            &person.email,
            &person.title,
            person.department,
            person.location,
            manager,
        ];
        let _ = writeln!(text, "\"{}\",{}", cells.join("\",\""), person.start);
    }
    text
}
