//! One field of a form as the macros of pages show it: label, hint, what is wrong with it, and the control.

// A template of its own, rendered into the page. As macros their code was written out in each page for each field, fifty expressions at a
// time: that was most of what the compiler had to read.

use askama::Template;

use super::{Form, currency_options, unit_options};
use crate::locale::{Message, tr};
use crate::markup::Markup;

/// Values to choose from, each with its words.
pub trait Options {
    /// The pairs, owned.
    fn pairs(&self) -> Vec<(String, String)>;
}

impl<V: AsRef<str>, W: AsRef<str>> Options for [(V, W)] {
    fn pairs(&self) -> Vec<(String, String)> {
        self.iter().map(|(value, words)| (value.as_ref().to_owned(), words.as_ref().to_owned())).collect()
    }
}

impl<V: AsRef<str>, W: AsRef<str>> Options for Vec<(V, W)> {
    fn pairs(&self) -> Vec<(String, String)> {
        self.as_slice().pairs()
    }
}

impl<V: AsRef<str>, W: AsRef<str>, const N: usize> Options for [(V, W); N] {
    fn pairs(&self) -> Vec<(String, String)> {
        self.as_slice().pairs()
    }
}

impl<O: Options + ?Sized> Options for &O {
    fn pairs(&self) -> Vec<(String, String)> {
        (**self).pairs()
    }
}

/// What is typed or chosen with.
enum Control<'f> {
    Text {
        kind: &'f str,
        autocomplete: &'f str,
        inputmode: &'f str,
        size: &'f str,
        maxlength: u32,
        mono: bool,
    },
    TextArea {
        rows: u32,
        maxlength: u32,
    },
    Select {
        options: Vec<(String, String)>,
        blank: &'f str,
    },
    Checkbox {
        value: &'f str,
    },
    Choices {
        options: Vec<(String, String)>,
        kind: &'f str,
    },
    /// A number and its unit or currency.
    Joined {
        number: &'f str,
        unit: &'f str,
        unit_words: String,
        options: Vec<(String, String)>,
    },
    Upload {
        accept: &'f str,
    },
}

/// A field of a form, before its control is chosen.
pub struct Field<'f> {
    form: &'f Form,
    name: &'f str,
    words: &'f str,
    hint: &'f str,
    optional: bool,
}

#[derive(Template)]
#[template(path = "web/templates/field.html")]
struct FieldTemplate<'f> {
    form: &'f Form,
    name: &'f str,
    words: &'f str,
    hint: &'f str,
    optional: bool,
    error: &'f str,
    control: Control<'f>,
}

type Shown = Result<Markup, askama::Error>;

impl Form {
    /// A field of this name; `words` is its label.
    pub fn field<'f>(&'f self, name: &'f str, words: &'f str, hint: &'f str, optional: bool) -> Field<'f> {
        Field { form: self, name, words, hint, optional }
    }
}

impl<'f> Field<'f> {
    fn show(&self, control: Control<'f>) -> Shown {
        let Self { form, name, words, hint, optional } = *self;
        let field = FieldTemplate { form, name, words, hint, optional, error: form.error(name), control };
        Ok(Markup::of_escaped(field.render()?))
    }

    fn label_of(&self, key: &'static str) -> String {
        tr(Message::new(key).with("label", self.words))
    }

    /// A line of text; `size` is `short`, `medium` or `long`.
    ///
    /// # Errors
    /// None that a page can mend, here and below: those of writing into memory.
    pub fn text(
        &self,
        kind: &'f str,
        autocomplete: &'f str,
        inputmode: &'f str,
        size: &'f str,
        maxlength: u32,
        mono: bool,
    ) -> Shown {
        self.show(Control::Text { kind, autocomplete, inputmode, size, maxlength, mono })
    }

    /// Several lines of text.
    pub fn textarea(&self, rows: u32, maxlength: u32) -> Shown {
        self.show(Control::TextArea { rows, maxlength })
    }

    /// One of several values; `blank` is the words of choosing none.
    pub fn select(&self, options: impl Options, blank: &'f str) -> Shown {
        self.show(Control::Select { options: options.pairs(), blank })
    }

    /// One box of its own name.
    pub fn checkbox(&self, value: &'f str) -> Shown {
        self.show(Control::Checkbox { value })
    }

    /// Boxes of one name; `kind` is `checkbox` or `radio`.
    pub fn choices(&self, options: impl Options, kind: &'f str) -> Shown {
        self.show(Control::Choices { options: options.pairs(), kind })
    }

    /// An amount and its currency.
    pub fn money(&self) -> Shown {
        let options = currency_options(self.form.part(self.name, "currency"));
        self.show(Control::Joined {
            number: "amount",
            unit: "currency",
            unit_words: self.label_of("layout-currency-of"),
            options,
        })
    }

    /// A quantity and its unit.
    pub fn quantity(&self) -> Shown {
        let options = unit_options(self.form.part(self.name, "unit"));
        self.show(Control::Joined {
            number: "value",
            unit: "unit",
            unit_words: self.label_of("layout-unit-of"),
            options,
        })
    }

    /// Files of these kinds, as the attribute `accept` names them.
    pub fn upload(&self, accept: &'f str) -> Shown {
        self.show(Control::Upload { accept })
    }
}
