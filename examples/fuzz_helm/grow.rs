//! Grows a template from a seed.

use std::fmt::Write as _;

use crate::words::FUNCTIONS;

/// A small generator of numbers: the same seed gives the same template everywhere.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap_or(0) % limit.max(1)
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words.get(self.below(words.len())).copied().unwrap_or_default()
    }
}

/// A template, small enough to read.
pub(crate) fn template(dice: &mut Dice) -> String {
    let mut out = String::new();
    let mut grower = Grower { dice, variables: Vec::new(), in_loop: false };
    let parts = 1 + grower.dice.below(3);
    grower.body(&mut out, parts, 3);
    out
}

struct Grower<'d> {
    dice: &'d mut Dice,
    variables: Vec<String>,
    in_loop: bool,
}

impl Grower<'_> {
    fn body(&mut self, out: &mut String, parts: usize, depth: usize) {
        let mark = self.variables.len();
        for _ in 0..parts {
            self.part(out, depth);
        }
        self.variables.truncate(mark);
    }

    fn part(&mut self, out: &mut String, depth: usize) {
        let (open, close) = (self.dice.pick(&["{{", "{{", "{{-"]), self.dice.pick(&["}}", "}}", "-}}"]));
        let kind = if depth == 0 { self.dice.below(3) } else { self.dice.below(11) };
        match kind {
            0 => out.push_str(self.dice.pick(&[" text ", "\n", "x: y\n", "\t-\n  ", "a", "{ } \"q\" "])),
            1 | 2 => {
                let value = self.any(2);
                let _ = write!(out, "{open} {value} {close}");
            }
            3 => {
                let name = format!("$v{}", self.variables.len());
                let value = self.any(2);
                let _ = write!(out, "{open} {name} := {value} {close}");
                self.variables.push(name);
            }
            4 if !self.variables.is_empty() => {
                let at = self.dice.below(self.variables.len());
                let name = self.variables.get(at).cloned().unwrap_or_default();
                let value = self.any(2);
                let _ = write!(out, "{open} {name} = {value} {close}");
            }
            5 | 6 => self.condition(out, open, close, depth),
            7 => {
                let value = self.any(2);
                let _ = write!(out, "{open} with {value} {close}");
                self.inner(out, depth);
                self.otherwise(out, open, close, depth);
            }
            8 | 9 => self.repeated(out, open, close, depth),
            10 if self.in_loop => {
                out.push_str(self.dice.pick(&["{{ break }}", "{{- continue }}", "{{ if .x }}{{ break }}{{ end }}"]))
            }
            _ => out.push_str(self.dice.pick(&[
                "{{/* a */}}",
                "{{- /* b */ -}}",
                "{{ template \"helper\" . }}",
                "{{ include \"helper\" $ }}",
                "{{ tpl \"{{ .Values.num }}\" $ }}",
            ])),
        }
    }

    fn condition(&mut self, out: &mut String, open: &str, close: &str, depth: usize) {
        let test = self.argument('b', 2);
        let _ = write!(out, "{open} if {test} {close}");
        self.inner(out, depth);
        if self.dice.below(3) == 0 {
            let test = self.argument('b', 1);
            let _ = write!(out, "{open} else if {test} {close}");
            self.inner(out, depth);
        }
        self.otherwise(out, open, close, depth);
    }

    fn otherwise(&mut self, out: &mut String, open: &str, close: &str, depth: usize) {
        if self.dice.below(2) == 0 {
            let _ = write!(out, "{open} else {close}");
            self.inner(out, depth);
        }
        let _ = write!(out, "{open} end {close}");
    }

    fn inner(&mut self, out: &mut String, depth: usize) {
        let parts = 1 + self.dice.below(2);
        self.body(out, parts, depth - 1);
    }

    fn repeated(&mut self, out: &mut String, open: &str, close: &str, depth: usize) {
        let kind = self.dice.pick(&["l", "l", "m", "j"]).chars().next().unwrap_or('l');
        let over = self.argument(kind, 1);
        let mark = self.variables.len();
        match self.dice.below(3) {
            0 => {
                let _ = write!(out, "{open} range {over} {close}");
            }
            1 => {
                let _ = write!(out, "{open} range $i{mark} := {over} {close}");
                self.variables.push(format!("$i{mark}"));
            }
            _ if kind == 'j' => {
                let _ = write!(out, "{open} range $i{mark} := {over} {close}");
                self.variables.push(format!("$i{mark}"));
            }
            _ => {
                let _ = write!(out, "{open} range $k{mark}, $e{mark} := {over} {close}");
                self.variables.extend([format!("$k{mark}"), format!("$e{mark}")]);
            }
        }
        let outside = std::mem::replace(&mut self.in_loop, true);
        self.inner(out, depth);
        self.in_loop = outside;
        self.variables.truncate(mark);
        self.otherwise(out, open, close, depth);
    }

    /// A pipeline that gives anything.
    fn any(&mut self, depth: usize) -> String {
        let kind = self.dice.pick(&["s", "s", "i", "b", "l", "m", "a"]).chars().next().unwrap_or('s');
        let mut text = self.call(kind, depth);
        if self.dice.below(4) == 0 {
            text += self.dice.pick(&[
                " | quote",
                " | toJson",
                " | toYaml",
                " | default \"d\"",
                " | toString | upper",
                " | typeOf",
                " | toYaml | nindent 2",
                " | print",
            ]);
        }
        text
    }

    /// A call without parentheses, or a plain word.
    fn call(&mut self, kind: char, depth: usize) -> String {
        let fitting: Vec<_> = FUNCTIONS.iter().filter(|(gives, ..)| *gives == kind || kind == 'a').collect();
        if depth == 0 || fitting.is_empty() || self.dice.below(4) == 0 {
            return self.word(kind);
        }
        let at = self.dice.below(fitting.len());
        let Some((_, name, takes)) = fitting.get(at) else { return self.word(kind) };
        let mut letters: Vec<char> = takes.chars().collect();
        let piped = if self.dice.below(3) == 0 { letters.pop() } else { None };
        let mut text = (*name).to_owned();
        for letter in letters {
            text.push(' ');
            text += &self.argument(letter, depth - 1);
        }
        match piped {
            Some(letter) => format!("{} | {text}", self.argument(letter, depth - 1)),
            None => text,
        }
    }

    fn argument(&mut self, kind: char, depth: usize) -> String {
        if depth == 0 || self.dice.below(2) == 0 {
            return self.word(kind);
        }
        // Now and then something of another kind, which may be an error.
        let kind = if self.dice.below(25) == 0 { 'a' } else { kind };
        let call = self.call(kind, depth);
        if call.contains(' ') { format!("({call})") } else { call }
    }

    fn word(&mut self, kind: char) -> String {
        if matches!(kind, 'a' | 's' | 'i') && !self.variables.is_empty() && self.dice.below(5) == 0 {
            let at = self.dice.below(self.variables.len());
            return self.variables.get(at).cloned().unwrap_or_default();
        }
        let words: &[&str] = match kind {
            's' => &[
                "$.Values.text",
                "\"\"",
                "\"abc\"",
                "`raw\\n`",
                "$.Values.multi",
                "$.Values.path",
                "\"ÄÖ ß\"",
                "\"a,b/c\"",
                "$.Release.Name",
                "\"1.5\"",
                "$.Chart.Name",
                "\"-\"",
                "(print $.Values.num)",
            ],
            'i' => &[
                "0",
                "1",
                "7",
                "-3",
                "$.Values.num",
                "$.Values.neg",
                "$.Values.big",
                "$.Values.ratio",
                "2.5",
                "0x1F",
                "1e3",
                "(len $.Values.list)",
            ],
            'j' => &["0", "1", "2", "3", "4"],
            'b' => &[
                "true",
                "false",
                "$.Values.yes",
                "$.Values.no",
                "$.Values.none",
                "$.Values.text",
                "$.Values.hollow",
                "$.Values.missing",
            ],
            'l' => &["$.Values.list", "$.Values.nums", "$.Values.hollow", "$.Values.mixed", "(list 1 \"b\" nil)"],
            'm' => &["$.Values.map", "$.Values.deep", "$.Values.bare", "(dict \"a\" 1)", "$.Values.deep.one"],
            'r' => &["\"[a-z]+\"", "\"^H\"", "\"o(.)\"", "\"\\\\d+\"", "\"(?i)L\"", "\"\""],
            't' => &["\"a\"", "\"b\"", "\"zz\""],
            'u' => &["\"https://u:p@h.x:8080/p/q?r=s#t\"", "\"//h/p\"", "\"mailto:a@b\"", "\"\""],
            'v' => &["\"1.25.3\"", "$.Values.version", "\"v1.2\"", "\"1\""],
            'y' => &["\"a: 1\"", "\"{}\"", "\"{\\\"k\\\": [1, 2.5, null]}\"", "\"a: {b: yes}\""],
            _ => &[
                "nil",
                "$.Values.none",
                "$.Values.missing",
                "$.Values.map",
                "$.Values.list",
                "$.Values.num",
                "\"x\"",
                "true",
                "$.Values.deep.one.two",
                "$.Values.ratio",
                "$.Values.mixed",
            ],
        };
        self.dice.pick(words).to_owned()
    }
}
