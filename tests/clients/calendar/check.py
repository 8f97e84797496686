"""Opens an invitation in a real calendar server, moves its meeting and calls it off, and sees whether the event follows.

    python check.py PROGRAM DATABASE_URL

The server is Radicale, spoken to by CalDAV; what it keeps is expanded by recurring-ical-events, and the feed is read by icalendar
and vobject. None of them has anything in common with what wrote the events.

Exit: 0 if the event followed, 1 if it did not, 2 if nothing could be checked.
"""

import datetime
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zoneinfo

import caldav
import icalendar
import recurring_ical_events
import vobject

NOW = "2026-03-23T08:00:00Z"
PEOPLE = """external_id,name,email,manager_external_id
ada,"Ada ""the first"", Example",ada@example.org,
bob,Bob Example,bob@example.org,ada
cyd,Cyd Exämple 🦀,cyd@example.org,bob
"""
BERLIN, NEW_YORK = zoneinfo.ZoneInfo("Europe/Berlin"), zoneinfo.ZoneInfo("America/New_York")


def main(program, database):
    with tempfile.TemporaryDirectory() as place:
        with Skiplevel(program, database, place) as skiplevel, Radicale(place) as server:
            calendar = server.calendar()
            follow(skiplevel, calendar)
        secret = skiplevel.feed.removeprefix("/calendar/").removesuffix(".ics")
        check(secret not in skiplevel.log(), "the address of the feed stands in no log")
    print("the event followed its meeting")


def follow(skiplevel, calendar):
    # The Friday before the clocks change in Berlin, and the Monday after; in New York they changed weeks ago.
    first, second = utc(2026, 3, 27, 14), utc(2026, 3, 30, 14)
    meeting = skiplevel.schedule("cyd", first)
    invitation = skiplevel.invitation("cyd", meeting)
    check(invitation["METHOD"] == "REQUEST", "an invitation invites")
    event = deliver(calendar, invitation)
    check(starts(calendar) == [first], "the event stands where it was agreed")
    check(event.start.astimezone(BERLIN).hour == 15, "at three in Berlin")
    check(event.start.astimezone(NEW_YORK).hour == 10, "at ten in New York")
    check(event["ORGANIZER"] == "mailto:ada@example.org", "from whom it is")
    check(event["ORGANIZER"].params["CN"] == "Ada 'the first', Example", "by name")
    names = [attendee.params["CN"] for attendee in event["ATTENDEE"]]
    check(names == ["Ada 'the first', Example", "Cyd Exämple 🦀"], f"for whom it is: {names}")

    skiplevel.act("rescheduleMeeting", {"meetingId": meeting, "startsAt": second.isoformat()})
    event = deliver(calendar, skiplevel.invitation("cyd", meeting))
    check(starts(calendar) == [second], "the event has moved, and is one")
    check(event.start.astimezone(BERLIN).hour == 16, "to four in Berlin, whose clocks have changed")
    check(event.start.astimezone(NEW_YORK).hour == 10, "to ten in New York")
    feed(skiplevel, [("CONFIRMED", second)])

    skiplevel.act("cancelMeeting", {"meetingId": meeting})
    invitation = skiplevel.invitation("cyd", meeting)
    check(invitation["METHOD"] == "CANCEL", "what is called off is called off")
    event = deliver(calendar, invitation)
    check(event["STATUS"] == "CANCELLED", "the event is called off")
    check(len(calendar.get_events()) == 1, "and still one")
    feed(skiplevel, [("CANCELLED", second)])


def deliver(calendar, invitation):
    """Does with an invitation what RFC 5546 asks of a calendar program; returns the event as the server has it then."""
    (event,) = invitation.events
    kept = [known.get_icalendar_component() for known in calendar.get_events()]
    older = [known for known in kept if known["UID"] == event["UID"]]
    numbers = [known["SEQUENCE"] for known in older]
    check(all(known < event["SEQUENCE"] for known in numbers), f"{event['SEQUENCE']} comes after {numbers}")
    check(len(older) == len(kept), "it is always the same event")
    # A calendar keeps events and no methods (RFC 4791, 4.1).
    del invitation["METHOD"]
    sent = caldav.Event(calendar.client, data=invitation.to_ical().decode(), parent=calendar, id=str(event["UID"]))
    # The number is the organizer's to raise, not the program's.
    sent.save(increase_seqno=False)
    return calendar.get_event_by_uid(event["UID"]).get_icalendar_component()


def starts(calendar):
    """When the server finds an event of the spring, which it expands itself."""
    found = calendar.search(start=utc(2026, 3, 1), end=utc(2026, 6, 1), event=True, expand=True)
    return [event.get_icalendar_component().start for event in found]


def feed(skiplevel, expected):
    text = skiplevel.get(skiplevel.feed)
    events = recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(utc(2026, 3, 1), utc(2026, 6, 1))
    told = [(event["STATUS"], event.start) for event in events]
    check(told == expected, f"the feed tells {told}")
    check(all("ATTENDEE" not in event and event["SUMMARY"] == "1:1" for event in events), "and no names")
    others = [event.dtstart.value for event in vobject.readOne(text).vevent_list]
    check(others == [start for _, start in expected], f"another reader reads {others}")


class Skiplevel:
    """The program over an organisation of three, in which ada leads."""

    def __init__(self, program, database, place):
        self.program, self.log_file = program, os.path.join(place, "skiplevel.log")
        environment = {
            "DATABASE_URL": database,
            "SKIPLEVEL_JWT_SECRET": "a secret for one run of the checks, no longer",
            "SKIPLEVEL_JWT_SUBJECT": "external_id:hr",
            "SKIPLEVEL_LISTEN": "127.0.0.1:0",
            # Everything that could ever be logged is.
            "SKIPLEVEL_LOG": "trace",
        }
        self.setting = {"cwd": place, "env": environment, "stdout": subprocess.PIPE, "text": True}
        with open(os.path.join(place, "people.csv"), "w", encoding="utf-8") as people:
            people.write(PEOPLE)

    def __enter__(self):
        self.run("import", "people", "people.csv", "--source", "hr", "--apply", "--now", NOW)
        self.tokens = {who: self.run("token", "--sub", who, "--now", NOW) for who in ("ada", "cyd")}
        with open(self.log_file, "w", encoding="utf-8") as log:
            serve = [self.program, "serve", "--now", NOW]
            self.server = subprocess.Popen(serve, stderr=log, **self.setting)
        self.address = re.search(r"http://[^/\s]+", self.server.stdout.readline()).group()
        self.feed = self.query("cyd", "mutation { made: createCalendarFeed { path } }")["made"]["path"]
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait(timeout=30)

    def run(self, *arguments):
        done = subprocess.run([self.program, *arguments], check=True, stderr=subprocess.DEVNULL, **self.setting)
        return done.stdout.strip()

    def log(self):
        with open(self.log_file, encoding="utf-8") as log:
            text = log.read()
        check('"entrance":"calendar"' in text, "there is a log")
        return text

    def get(self, path, token=None, body=None):
        headers = {"Content-Type": "application/json", "Accept": "*/*"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.address + path, body, headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    def query(self, who, query, **variables):
        body = json.dumps({"query": query, "variables": variables}).encode()
        answer = json.loads(self.get("/graphql", self.tokens[who], body))
        check("errors" not in answer, f"{query}: {answer.get('errors')}")
        return answer["data"]

    def act(self, mutation, given):
        kind = mutation[0].upper() + mutation[1:] + "Input"
        answer = "meeting { id } userErrors { code message }"
        text = f"mutation($input: {kind}!) {{ done: {mutation}(input: $input) {{ {answer} }} }}"
        done = self.query("ada", text, input=given)["done"]
        check(done["userErrors"] == [], f"{mutation}: {done['userErrors']}")
        return done["meeting"]["id"]

    def schedule(self, whom, start):
        query = "query($id: String!) { person(by: {externalId: {source: \"hr\", externalId: $id}}) { id } }"
        person = self.query("ada", query, id=whom)["person"]["id"]
        return self.act("scheduleMeeting", {"counterpartId": person, "startsAt": start.isoformat()})

    def invitation(self, who, meeting):
        text = self.get(f"/calendar/meetings/{meeting}.ics", self.tokens[who])
        return icalendar.Calendar.from_ical(text)


class Radicale:
    """A calendar server of one person."""

    def __init__(self, place):
        self.place = os.path.join(place, "radicale")

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        options = {
            "server-hosts": f"127.0.0.1:{self.port}",
            "storage-filesystem-folder": self.place,
            "auth-type": "none",
            "logging-level": "error",
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        self.server = subprocess.Popen([sys.executable, "-m", "radicale", "--config", "", *arguments])
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait(timeout=30)

    def calendar(self):
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        client = caldav.DAVClient(url=f"http://127.0.0.1:{self.port}/", username="cyd", password="unused")
        return client.principal().make_calendar(name="work")


def utc(*parts):
    return datetime.datetime(*parts, tzinfo=datetime.timezone.utc)


class Wrong(Exception):
    """Something is not as it should be."""


def check(holds, what):
    if not holds:
        raise Wrong(what)


if __name__ == "__main__":
    try:
        main(os.path.abspath(sys.argv[1]), sys.argv[2])
    except Wrong as wrong:
        print(f"not so: {wrong}", file=sys.stderr)
        sys.exit(1)
    except (OSError, subprocess.SubprocessError, AttributeError) as error:
        print(f"nothing could be checked: {error!r}", file=sys.stderr)
        sys.exit(2)
