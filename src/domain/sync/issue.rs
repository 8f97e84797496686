//! Findings: what a run has to say about a file, a row or itself. They are data, never `Err`: a run tells everything at once.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Severity {
    /// The row (or the file) cannot be used.
    Error,
    /// Used as it is; somebody should look.
    Warning,
}

/// A finding about a file, a row or the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncIssue {
    /// Error or warning; some codes can be either.
    pub severity: Severity,
    /// What is wrong, for programs.
    pub code: Code,
    /// What is wrong, for people: lower case, no full stop.
    pub message: String,
    /// The field concerned, named as in the API.
    pub field: Option<Cow<'static, str>>,
    /// The value concerned, as it was sent.
    pub value: Option<String>,
    /// The line on which the row starts; none for a finding about the whole run.
    pub line: Option<u64>,
    /// Other lines that have to do with it.
    pub related_lines: Vec<u64>,
}

impl SyncIssue {
    /// An error that says `message`.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message.into())
    }

    /// A warning that says `message`.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message.into())
    }

    fn new(severity: Severity, code: Code, message: String) -> Self {
        Self {
            severity,
            code,
            message,
            field: None,
            value: None,
            line: None,
            related_lines: Vec::new(),
        }
    }

    /// The same, about a field.
    #[must_use]
    pub fn field(mut self, field: &'static str) -> Self {
        self.field = Some(Cow::Borrowed(field));
        self
    }

    /// The same, quoting a value.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// The same, about a line.
    #[must_use]
    pub fn line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// The same, pointing at other lines.
    #[must_use]
    pub fn related(mut self, lines: Vec<u64>) -> Self {
        self.related_lines = lines;
        self
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// What a finding or a block is about: stable words for programs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $variant,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable word.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }
    };
}

codes! {
    /// The file holds nothing at all, not even a header.
    EmptyFile = "EMPTY_FILE",
    /// A full snapshot without rows: it never means that everybody has left.
    EmptySnapshot = "EMPTY_SNAPSHOT",
    /// The snapshot is older than one that was applied.
    StaleSnapshot = "STALE_SNAPSHOT",
    /// The file is not in the encoding it was said to be in.
    NotUtf8 = "NOT_UTF8",
    /// The file breaks the rules of CSV.
    CsvSyntax = "CSV_SYNTAX",
    /// More rows than are taken at a time.
    TooManyRows = "TOO_MANY_ROWS",
    /// A column that must be there is not.
    MissingColumn = "MISSING_COLUMN",
    /// Two columns mean the same field.
    DuplicateColumn = "DUPLICATE_COLUMN",
    /// A column that nobody asked for; its values are dropped.
    UnknownColumn = "UNKNOWN_COLUMN",
    /// The row has more or fewer cells than the header.
    ColumnCount = "COLUMN_COUNT",
    /// A field that must have a value has none.
    RequiredField = "REQUIRED_FIELD",
    /// The text is longer than we keep.
    FieldTooLong = "FIELD_TOO_LONG",
    /// Control characters: removed with a warning, NUL refused.
    ControlCharacter = "CONTROL_CHARACTER",
    /// The text starts like a formula of a spreadsheet.
    FormulaLike = "FORMULA_LIKE",
    /// The text is no date, or a date nobody can mean.
    InvalidDate = "INVALID_DATE",
    /// The text is no e-mail address.
    InvalidEmail = "INVALID_EMAIL",
    /// The word is no status we know.
    InvalidStatus = "INVALID_STATUS",
    /// The last working day is before the first.
    EndBeforeStart = "END_BEFORE_START",
    /// The row repeats another one to the letter; one is used.
    DuplicateRow = "DUPLICATE_ROW",
    /// Rows of one external id say different things; none is used.
    DuplicateExternalId = "DUPLICATE_EXTERNAL_ID",
    /// The external id differs from another one in upper and lower case only.
    NearDuplicateId = "NEAR_DUPLICATE_ID",
    /// Two people could be meant by the address.
    AmbiguousLink = "AMBIGUOUS_LINK",
    /// Two present people would have one e-mail address.
    DuplicateEmail = "DUPLICATE_EMAIL",
    /// Nobody known is meant by the manager's id or address.
    UnknownManager = "UNKNOWN_MANAGER",
    /// Nobody known is meant by an id or address.
    UnknownPerson = "UNKNOWN_PERSON",
    /// A 1:1 that is not between two people.
    NotAPair = "NOT_A_PAIR",
    /// A meeting of other people than before.
    PeopleChanged = "PEOPLE_CHANGED",
    /// One of the two was not in the chart on that day.
    NotEmployed = "NOT_EMPLOYED",
    /// A participant has said otherwise.
    StatusStands = "STATUS_STANDS",
    /// Another skip-level of the same person in that week.
    LoadCap = "LOAD_CAP",
    /// Somebody would be their own manager.
    SelfManager = "SELF_MANAGER",
    /// The reporting lines would run in a ring.
    ManagerCycle = "MANAGER_CYCLE",
    /// The manager's id and the manager's address mean different people.
    ManagerConflict = "MANAGER_CONFLICT",
    /// The manager has left.
    ManagerTerminated = "MANAGER_TERMINATED",
    /// The manager's post is vacant; the line goes to the next filled one above.
    VacantManager = "VACANT_MANAGER",
    /// The row is an unfilled post, not a person.
    Vacancy = "VACANCY",
    /// A spell of employment would overlap an earlier one.
    RehireOverlap = "REHIRE_OVERLAP",
    /// Somebody who has left had this e-mail address.
    PossibleRehire = "POSSIBLE_REHIRE",
    /// The id is that of somebody who was erased.
    Erased = "ERASED",
    /// Somebody left and no last working day was given.
    EndDateAssumed = "END_DATE_ASSUMED",
    /// More than one present person has no manager.
    MultipleRoots = "MULTIPLE_ROOTS",
    /// The plan is not the one that was expected.
    PlanChanged = "PLAN_CHANGED",
    /// The number that was allowed is not the number of the plan.
    OverrideMismatch = "OVERRIDE_MISMATCH",
    /// More people would leave than is credible.
    TerminationThreshold = "TERMINATION_THRESHOLD",
    /// More people would lose their manager than is credible.
    ManagerClearThreshold = "MANAGER_CLEAR_THRESHOLD",
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        let code = Self::ALL.iter().find(|code| code.as_str() == word);
        code.copied().ok_or_else(|| D::Error::custom("no code of an import"))
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
