//! The demonstration's tour: doors, each with steps that tick themselves off. Steps are data, so that new ones need no new page.

use askama::Template;

use crate::{PageKind, Site};

/// The tour.
#[derive(Debug, Clone, Template)]
#[template(path = "tour.html", whitespace = "minimize")]
pub struct TourPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// The ways in, in order.
    pub doors: Vec<Door>,
}

/// One way in, for one kind of visitor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// A word for the page's own addresses: `/tour#{id}`.
    pub id: String,
    /// What the visitor says: "I secure sign-in".
    pub title: String,
    /// One sentence on what is behind the door.
    pub promise: String,
    /// What to do, in order.
    pub steps: Vec<Step>,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub title: String,
    /// One sentence on why it matters.
    pub why: String,
    /// Where the visitor stands with it.
    pub state: StepState,
    /// The one thing to press.
    pub action: StepAction,
    /// What came out, once there is something to show.
    pub facts: Vec<Fact>,
    /// What to do when it doesn't work; empty when there is nothing special.
    pub help: String,
}

/// Where the visitor stands with a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Done; it may be repeated.
    Done,
    /// This one is next.
    Next,
    /// Possible, but another one is next.
    Open,
    /// Needs an earlier step.
    Locked,
}

impl StepState {
    const fn word(self) -> &'static str {
        match self {
            Self::Done => "Done",
            Self::Next => "Next",
            Self::Open => "Open",
            Self::Locked => "Later",
        }
    }
}

/// The one thing to press in a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepAction {
    /// Nothing to press: the step happens by itself.
    None,
    /// Opens a page in this tab.
    Link {
        /// Where to.
        href: String,
        /// What it says.
        label: String,
    },
    /// Posts an empty form to one of our own addresses.
    Post {
        /// Where to.
        action: String,
        /// What it says.
        label: String,
    },
}

/// One line of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub name: String,
    /// Its value, in words or figures.
    pub value: String,
}

impl Door {
    fn done(&self) -> usize {
        self.steps.iter().filter(|step| step.state == StepState::Done).count()
    }
}

impl TourPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        super::rendered(self)
    }
}
