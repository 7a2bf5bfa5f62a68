//! Tokens into templates.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::ast::{Branch, Command, Node, Operand, Parsed, Piece, Pipe, Pos, Tree};
use super::lex::{Kind, Lexer, Token};
use crate::helm::quote::{literal, quoted};
use crate::helm::value::Str;

type Parse<T> = Result<T, String>;

/// How deep bodies and parentheses may nest. Go allows ten thousand; nobody writes a hundred.
const MAX_DEPTH: usize = 300;

/// Parses a source. The error is as Go writes it.
pub(crate) fn parse(name: &str, source: &Arc<String>) -> Parse<Parsed> {
    let mut parser = Parser {
        lexer: Lexer::new(source),
        name: name.into(),
        source: source.clone(),
        ahead: Vec::new(),
        last: 0,
        action: None,
        variables: vec!["$".into()],
        ranges: 0,
        depth: 0,
        trees: BTreeMap::new(),
        names: HashMap::default(),
    };
    let root = parser.top()?;
    parser.define(parser.name.clone(), root)?;
    Ok(Parsed { trees: parser.trees })
}

pub(super) struct Parser<'s> {
    lexer: Lexer<'s>,
    name: Str,
    source: Arc<String>,
    /// Tokens put back, the next one last.
    ahead: Vec<Token<'s>>,
    /// The place of the token that the lexer gave last: where Go says an error is.
    last: Pos,
    /// Where the action began.
    action: Option<Pos>,
    pub(super) variables: Vec<Str>,
    ranges: usize,
    depth: usize,
    trees: BTreeMap<Str, Arc<Tree>>,
    /// Names that occurred: most of them do so often.
    names: HashMap<&'s str, Str, foldhash::fast::FixedState>,
}

/// What ends a body.
enum Stop {
    End,
    Else,
}

/// A parsed thing, or what ends the body.
enum Item {
    Node(Node),
    Stop(Stop),
}

impl<'s> Parser<'s> {
    pub(super) fn next(&mut self) -> Token<'s> {
        if let Some(token) = self.ahead.pop() {
            return token;
        }
        let token = self.lexer.next();
        self.last = token.pos;
        token
    }

    /// A name, shared with all its other places.
    pub(super) fn name(&mut self, text: &'s str) -> Str {
        self.names.entry(text).or_insert_with(|| text.into()).clone()
    }

    pub(super) fn back(&mut self, token: Token<'s>) {
        self.ahead.push(token);
    }

    pub(super) fn peek(&mut self) -> Token<'s> {
        if let Some(token) = self.ahead.last() {
            return *token;
        }
        let token = self.next();
        self.back(token);
        token
    }

    pub(super) fn next_word(&mut self) -> Token<'s> {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    pub(super) fn peek_word(&mut self) -> Token<'s> {
        loop {
            let token = self.peek();
            if token.kind != Kind::Space {
                return token;
            }
            self.ahead.pop();
        }
    }

    pub(super) fn fail<T>(&self, message: impl AsRef<str>) -> Parse<T> {
        Err(format!("template: {}:{}: {}", self.name, self.lexer.line(self.last), message.as_ref()))
    }

    pub(super) fn unexpected<T>(&self, token: &Token, context: &str) -> Parse<T> {
        let Some(problem) = self.lexer.problem().filter(|_| token.kind == Kind::Error) else {
            return self.fail(format!("unexpected {} in {context}", shown(token)));
        };
        let mut extra = String::new();
        let action = self.action.map(|pos| self.lexer.line(pos));
        if let Some(line) = action.filter(|line| *line != self.lexer.line(token.pos)) {
            extra = format!(" in action started at {}:{line}", self.name);
            if problem.ends_with(" action") {
                extra = extra.trim_start_matches(" in action").to_owned();
            }
        }
        self.fail(format!("{problem}{extra}"))
    }

    /// The text of a token.
    pub(super) fn piece(&self, token: &Token) -> Piece {
        Piece::new(&self.source, token.pos..token.pos + token.text.len())
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Parse<Token<'s>> {
        let token = self.next_word();
        if token.kind == kind { Ok(token) } else { self.unexpected(&token, context) }
    }

    pub(super) fn enter(&mut self) -> Parse<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { self.fail("max expression depth exceeded") } else { Ok(()) }
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Adds a template; only an empty one may be replaced.
    fn define(&mut self, name: Str, root: Vec<Node>) -> Parse<()> {
        let tree = Tree { name: name.clone(), source_name: self.name.clone(), source: self.source.clone(), root };
        match self.trees.get(&name) {
            Some(old) if !old.is_empty() => {
                if !tree.is_empty() {
                    return self.fail(format!("template: multiple definition of template {}", quoted(&name)));
                }
            }
            _ => {
                self.trees.insert(name, Arc::new(tree));
            }
        }
        Ok(())
    }

    fn top(&mut self) -> Parse<Vec<Node>> {
        let mut nodes = Vec::new();
        loop {
            let token = self.next();
            if token.kind == Kind::End {
                return Ok(nodes);
            }
            if token.kind == Kind::LeftDelim {
                let word = self.next_word();
                if word.kind == Kind::Keyword && word.text == "define" {
                    self.definition()?;
                    continue;
                }
                self.back(word);
            }
            self.back(token);
            match self.item()? {
                Item::Node(node) => nodes.push(node),
                Item::Stop(Stop::End) => return self.fail("unexpected {{end}}"),
                Item::Stop(Stop::Else) => return self.fail("unexpected {{else}}"),
            }
        }
    }

    fn definition(&mut self) -> Parse<()> {
        let token = self.next_word();
        let name = self.template_name(&token, "define clause")?;
        self.expect(Kind::RightDelim, "define clause")?;
        let variables = std::mem::replace(&mut self.variables, vec!["$".into()]);
        let ranges = std::mem::take(&mut self.ranges);
        let (root, stop) = self.body()?;
        if let Stop::Else = stop {
            return self.fail("unexpected {{else}} in define clause");
        }
        self.variables = variables;
        self.ranges = ranges;
        self.define(name, root)
    }

    fn template_name(&mut self, token: &Token, context: &str) -> Parse<Str> {
        if !matches!(token.kind, Kind::Str | Kind::RawString) {
            return self.unexpected(token, context);
        }
        match literal(token.text).as_deref().map(str::from_utf8) {
            Some(Ok(name)) => Ok(name.into()),
            _ => self.fail("invalid syntax"),
        }
    }

    /// Nodes up to an `end` or `else`.
    fn body(&mut self) -> Parse<(Vec<Node>, Stop)> {
        self.enter()?;
        let mut nodes = Vec::new();
        while self.peek_word().kind != Kind::End {
            match self.item()? {
                Item::Node(node) => nodes.push(node),
                Item::Stop(stop) => {
                    self.leave();
                    return Ok((nodes, stop));
                }
            }
        }
        self.fail("unexpected EOF")
    }

    fn item(&mut self) -> Parse<Item> {
        let token = self.next_word();
        match token.kind {
            Kind::Text => Ok(Item::Node(Node::Text(self.piece(&token)))),
            Kind::LeftDelim => {
                self.action = Some(token.pos);
                let item = self.action();
                self.action = None;
                item
            }
            _ => self.unexpected(&token, "input"),
        }
    }

    fn action(&mut self) -> Parse<Item> {
        let token = self.peek_word();
        if token.kind == Kind::Keyword {
            self.ahead.pop();
            return self.keyword(&token);
        }
        let pipe = self.pipeline("command", Kind::RightDelim)?;
        Ok(Item::Node(Node::Action(token.pos, pipe)))
    }

    fn keyword(&mut self, token: &Token<'s>) -> Parse<Item> {
        let node = match token.text {
            "if" => Node::If(self.branch("if")?),
            "with" => Node::With(self.branch("with")?),
            "range" => Node::Range(self.branch("range")?),
            "template" => self.call()?,
            "block" => self.block()?,
            "break" => self.jump(token, Node::Break)?,
            "continue" => self.jump(token, Node::Continue)?,
            "end" => {
                self.expect(Kind::RightDelim, "end")?;
                return Ok(Item::Stop(Stop::End));
            }
            "else" => {
                let next = self.peek_word();
                if next.kind == Kind::Keyword && matches!(next.text, "if" | "with") {
                    return Ok(Item::Stop(Stop::Else));
                }
                self.expect(Kind::RightDelim, "else")?;
                return Ok(Item::Stop(Stop::Else));
            }
            _ => return self.unexpected(token, "command"),
        };
        Ok(Item::Node(node))
    }

    fn jump(&mut self, token: &Token<'s>, node: Node) -> Parse<Node> {
        let shown = format!("{{{{{}}}}}", token.text);
        self.expect(Kind::RightDelim, &shown)?;
        if self.ranges == 0 { self.fail(format!("{shown} outside {{{{range}}}}")) } else { Ok(node) }
    }

    fn branch(&mut self, word: &'static str) -> Parse<Box<Branch>> {
        let mark = self.variables.len();
        let pipe = self.pipeline(word, Kind::RightDelim)?;
        let loops = usize::from(word == "range");
        self.ranges += loops;
        let (body, stop) = self.body()?;
        self.ranges -= loops;
        let otherwise = match stop {
            Stop::End => None,
            Stop::Else => Some(self.otherwise(word)?),
        };
        self.variables.truncate(mark);
        Ok(Box::new(Branch { pipe, body, otherwise }))
    }

    fn otherwise(&mut self, word: &'static str) -> Parse<Vec<Node>> {
        let next = self.peek();
        if word != "range" && next.kind == Kind::Keyword && next.text == word {
            self.next();
            self.enter()?;
            let branch = self.branch(word)?;
            self.leave();
            return Ok(vec![if word == "if" { Node::If(branch) } else { Node::With(branch) }]);
        }
        match self.body()? {
            (nodes, Stop::End) => Ok(nodes),
            (_, Stop::Else) => self.fail("expected end; found {{else}}"),
        }
    }

    fn call(&mut self) -> Parse<Node> {
        let token = self.next_word();
        let name = self.template_name(&token, "template clause")?;
        let next = self.next_word();
        let pipe = if next.kind == Kind::RightDelim {
            None
        } else {
            self.back(next);
            Some(Box::new(self.pipeline("template clause", Kind::RightDelim)?))
        };
        Ok(Node::Template { pos: token.pos, name, pipe })
    }

    fn block(&mut self) -> Parse<Node> {
        let token = self.next_word();
        let name = self.template_name(&token, "block clause")?;
        let pipe = self.pipeline("block clause", Kind::RightDelim)?;
        let variables = std::mem::replace(&mut self.variables, vec!["$".into()]);
        let (root, stop) = self.body()?;
        if let Stop::Else = stop {
            return self.fail("unexpected {{else}} in block clause");
        }
        self.variables = variables;
        self.define(name.clone(), root)?;
        Ok(Node::Template { pos: token.pos, name, pipe: Some(Box::new(pipe)) })
    }

    /// Commands up to the token that ends them.
    pub(super) fn pipeline(&mut self, context: &str, end: Kind) -> Parse<Pipe> {
        let pos = self.peek_word().pos;
        let (declares, assigns) = self.declarations(context)?;
        let mut commands: Vec<Command> = Vec::with_capacity(1);
        loop {
            let token = self.peek_word();
            if token.kind == end {
                self.ahead.pop();
                break;
            }
            if !starts_operand(token.kind) {
                return self.unexpected(&token, context);
            }
            commands.push(self.command()?);
        }
        if commands.is_empty() {
            return self.fail(format!("missing value for {context}"));
        }
        let literal = |c: &Command| {
            use Operand::{Bool, Dot, Nil, Number, Str};
            matches!(c.args.first(), Some(Bool(..) | Dot(_) | Nil(_) | Number(..) | Str(..)))
        };
        if let Some(n) = commands.iter().skip(1).position(literal) {
            return self.fail(format!("non executable command in pipeline stage {}", n + 2));
        }
        Ok(Pipe { pos, assigns, declares, commands })
    }

    /// `$a :=`, `$a, $b :=` or `$a =` in front of a pipeline.
    fn declarations(&mut self, context: &str) -> Parse<(Vec<Str>, bool)> {
        let mut declares: Vec<Str> = Vec::new();
        loop {
            let variable = self.peek_word();
            if variable.kind != Kind::Variable {
                return Ok((declares, false));
            }
            self.next();
            let after = self.next();
            let next = if after.kind == Kind::Space { self.next_word() } else { after };
            match (next.kind, next.text) {
                (Kind::Assign | Kind::Declare, _) => {
                    declares.push(self.name(variable.text));
                    let name = self.name(variable.text);
                    self.variables.push(name);
                    return Ok((declares, next.kind == Kind::Assign));
                }
                (Kind::Char, ",") => {
                    declares.push(self.name(variable.text));
                    let name = self.name(variable.text);
                    self.variables.push(name);
                    if context != "range" || declares.len() > 1 {
                        return self.fail(format!("too many declarations in {context}"));
                    }
                    if !matches!(self.peek_word().kind, Kind::Variable | Kind::RightDelim | Kind::RightParen) {
                        return self.fail("range can only initialize variables");
                    }
                }
                _ => {
                    self.back(next);
                    if after.kind == Kind::Space {
                        self.back(after);
                    }
                    self.back(variable);
                    return Ok((declares, false));
                }
            }
        }
    }
}

fn starts_operand(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Bool
            | Kind::CharConstant
            | Kind::Complex
            | Kind::Dot
            | Kind::Field
            | Kind::Identifier
            | Kind::Number
            | Kind::Nil
            | Kind::RawString
            | Kind::Str
            | Kind::Variable
            | Kind::LeftParen
    )
}

/// A token as Go names it in an error.
fn shown(token: &Token) -> String {
    match token.kind {
        Kind::End => "EOF".into(),
        Kind::Keyword | Kind::Dot | Kind::Nil => format!("<{}>", token.text),
        _ if token.text.chars().count() > 10 => {
            format!("{}...", quoted(&token.text.chars().take(10).collect::<String>()))
        }
        _ => quoted(token.text),
    }
}
