//! Tokens into templates.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ast::{Branch, Call, Command, Node, Operand, Parsed, Pipe, Pos, Span, Tree};
use super::lex::Lexer;
use super::token::{Kind, Token, Word};
use crate::helm::quote::{literal, quoted};
use crate::helm::value::Str;

pub(super) type Parse<T> = Result<T, String>;

/// How deep bodies and parentheses may nest. Go allows ten thousand; nobody writes a hundred.
const MAX_DEPTH: usize = 300;

/// Parses a source. The error is as Go writes it.
pub(crate) fn parse(name: &str, source: &Arc<String>) -> Parse<Parsed> {
    if Pos::try_from(source.len()).is_err() {
        return Err(format!("template: {name}: longer than four gigabytes"));
    }
    let end = Token { kind: Kind::End, spaced: false, span: Span { start: 0, end: 0 } };
    let mut parser = Parser {
        lexer: Lexer::new(source),
        name: name.into(),
        source,
        ahead: [end; 2],
        waiting: 0,
        last: 0,
        action: None,
        variables: vec!["$".into()],
        ranges: 0,
        depth: 0,
        trees: BTreeMap::new(),
    };
    let root = parser.top()?;
    parser.define(parser.name.clone(), root)?;
    Ok(Parsed { trees: parser.trees })
}

pub(super) struct Parser<'s> {
    lexer: Lexer<'s>,
    name: Str,
    source: &'s Arc<String>,
    /// Tokens put back, the next one last.
    ahead: [Token; 2],
    /// How many there are.
    waiting: usize,
    /// The place of the token that the lexer gave last: where Go says an error is.
    last: Pos,
    /// Where the action began.
    action: Option<Pos>,
    pub(super) variables: Vec<Str>,
    ranges: usize,
    depth: usize,
    trees: BTreeMap<Str, Arc<Tree>>,
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
    pub(super) fn next(&mut self) -> Token {
        if let Some(n) = self.waiting.checked_sub(1) {
            self.waiting = n;
            return self.ahead[n];
        }
        let token = self.lexer.next();
        self.last = token.pos();
        token
    }

    /// Puts back a token that was the next one; the parser looks at most two ahead.
    pub(super) fn back(&mut self, token: Token) {
        self.ahead[self.waiting] = token;
        self.waiting += 1;
    }

    pub(super) fn peek(&mut self) -> Token {
        let token = self.next();
        self.back(token);
        token
    }

    pub(super) fn source(&self) -> &'s str {
        self.source
    }

    pub(super) fn text_of(&self, token: &Token) -> &'s str {
        self.lexer.text_of(token)
    }

    pub(super) fn fail<T>(&self, message: impl AsRef<str>) -> Parse<T> {
        Err(format!("template: {}:{}: {}", self.name, self.lexer.line(self.last), message.as_ref()))
    }

    pub(super) fn unexpected<T>(&self, token: &Token, context: &str) -> Parse<T> {
        let Some(problem) = self.lexer.problem().filter(|_| token.kind == Kind::Error) else {
            return self.fail(format!("unexpected {} in {context}", token.kind.shown(self.text_of(token))));
        };
        let mut extra = String::new();
        let action = self.action.map(|pos| self.lexer.line(pos));
        if let Some(line) = action.filter(|line| *line != self.lexer.line(token.pos())) {
            extra = format!(" in action started at {}:{line}", self.name);
            if problem.ends_with(" action") {
                extra = extra.trim_start_matches(" in action").to_owned();
            }
        }
        self.fail(format!("{problem}{extra}"))
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Parse<Token> {
        let token = self.next();
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
        let tree = Tree { name: name.clone(), source_name: self.name.clone(), source: Arc::clone(self.source), root };
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
                let word = self.next();
                if word.kind == Kind::Keyword(Word::Define) {
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
        let token = self.next();
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
        match literal(self.text_of(token)).as_deref().map(str::from_utf8) {
            Some(Ok(name)) => Ok(name.into()),
            _ => self.fail("invalid syntax"),
        }
    }

    /// Nodes up to an `end` or `else`.
    fn body(&mut self) -> Parse<(Vec<Node>, Stop)> {
        self.enter()?;
        let mut nodes = Vec::new();
        while self.peek().kind != Kind::End {
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
        let token = self.next();
        match token.kind {
            Kind::Text => Ok(Item::Node(Node::Text(token.span))),
            Kind::LeftDelim => {
                self.action = Some(token.pos());
                let item = self.action();
                self.action = None;
                item
            }
            _ => self.unexpected(&token, "input"),
        }
    }

    fn action(&mut self) -> Parse<Item> {
        let token = self.peek();
        if let Kind::Keyword(word) = token.kind {
            self.next();
            return self.keyword(&token, word);
        }
        let pipe = self.pipeline("command", Kind::RightDelim)?;
        Ok(Item::Node(Node::Action(token.pos(), Box::new(pipe))))
    }

    fn keyword(&mut self, token: &Token, word: Word) -> Parse<Item> {
        let node = match word {
            Word::If => Node::If(self.branch("if", word)?),
            Word::With => Node::With(self.branch("with", word)?),
            Word::Range => Node::Range(self.branch("range", word)?),
            Word::Template => self.call()?,
            Word::Block => self.block()?,
            Word::Break => self.jump("{{break}}", Node::Break)?,
            Word::Continue => self.jump("{{continue}}", Node::Continue)?,
            Word::End => {
                self.expect(Kind::RightDelim, "end")?;
                return Ok(Item::Stop(Stop::End));
            }
            Word::Else => {
                if !matches!(self.peek().kind, Kind::Keyword(Word::If | Word::With)) {
                    self.expect(Kind::RightDelim, "else")?;
                }
                return Ok(Item::Stop(Stop::Else));
            }
            Word::Define => return self.unexpected(token, "command"),
        };
        Ok(Item::Node(node))
    }

    fn jump(&mut self, shown: &str, node: Node) -> Parse<Node> {
        self.expect(Kind::RightDelim, shown)?;
        if self.ranges == 0 { self.fail(format!("{shown} outside {{{{range}}}}")) } else { Ok(node) }
    }

    fn branch(&mut self, context: &str, word: Word) -> Parse<Box<Branch>> {
        let mark = self.variables.len();
        let pipe = self.pipeline(context, Kind::RightDelim)?;
        let loops = usize::from(word == Word::Range);
        self.ranges += loops;
        let (body, stop) = self.body()?;
        self.ranges -= loops;
        let otherwise = match stop {
            Stop::End => None,
            Stop::Else => Some(self.otherwise(context, word)?),
        };
        self.variables.truncate(mark);
        Ok(Box::new(Branch { pipe, body, otherwise }))
    }

    fn otherwise(&mut self, context: &str, word: Word) -> Parse<Vec<Node>> {
        if word != Word::Range && self.peek().kind == Kind::Keyword(word) {
            self.next();
            self.enter()?;
            let branch = self.branch(context, word)?;
            self.leave();
            return Ok(vec![if word == Word::If { Node::If(branch) } else { Node::With(branch) }]);
        }
        match self.body()? {
            (nodes, Stop::End) => Ok(nodes),
            (_, Stop::Else) => self.fail("expected end; found {{else}}"),
        }
    }

    fn call(&mut self) -> Parse<Node> {
        let token = self.next();
        let name = self.template_name(&token, "template clause")?;
        let pipe = if self.peek().kind == Kind::RightDelim {
            self.next();
            None
        } else {
            Some(self.pipeline("template clause", Kind::RightDelim)?)
        };
        Ok(Node::Template(Box::new(Call { pos: token.pos(), name, pipe })))
    }

    fn block(&mut self) -> Parse<Node> {
        let token = self.next();
        let name = self.template_name(&token, "block clause")?;
        let pipe = self.pipeline("block clause", Kind::RightDelim)?;
        let variables = std::mem::replace(&mut self.variables, vec!["$".into()]);
        let (root, stop) = self.body()?;
        if let Stop::Else = stop {
            return self.fail("unexpected {{else}} in block clause");
        }
        self.variables = variables;
        self.define(name.clone(), root)?;
        Ok(Node::Template(Box::new(Call { pos: token.pos(), name, pipe: Some(pipe) })))
    }

    /// Commands up to the token that ends them.
    pub(super) fn pipeline(&mut self, context: &str, end: Kind) -> Parse<Pipe> {
        let pos = self.peek().pos();
        let (declares, assigns) = self.declarations(context)?;
        let Some(first) = self.stage(context, end)? else {
            return self.fail(format!("missing value for {context}"));
        };
        let mut more = Vec::new();
        while let Some(command) = self.stage(context, end)? {
            more.push(command);
        }
        let literal = |c: &Command| {
            use Operand::{Bool, Dot, Nil, Number, Str};
            matches!(c.word, Bool(..) | Dot(_) | Nil(_) | Number(..) | Str(..))
        };
        if let Some(n) = more.iter().position(literal) {
            return self.fail(format!("non executable command in pipeline stage {}", n + 2));
        }
        Ok(Pipe { pos, assigns, declares, first, more })
    }

    /// A command, or nothing at the token that ends them.
    fn stage(&mut self, context: &str, end: Kind) -> Parse<Option<Command>> {
        let token = self.peek();
        if token.kind == end {
            self.next();
            return Ok(None);
        }
        if !token.kind.starts_operand() {
            return self.unexpected(&token, context);
        }
        self.command().map(Some)
    }

    /// `$a :=`, `$a, $b :=` or `$a =` in front of a pipeline.
    fn declarations(&mut self, context: &str) -> Parse<(Vec<Str>, bool)> {
        let mut declares: Vec<Str> = Vec::new();
        loop {
            let variable = self.peek();
            if variable.kind != Kind::Variable {
                return Ok((declares, false));
            }
            self.next();
            let next = self.next();
            let comma = next.kind == Kind::Char && self.text_of(&next) == ",";
            if !comma && !matches!(next.kind, Kind::Assign | Kind::Declare) {
                self.back(next);
                self.back(variable);
                return Ok((declares, false));
            }
            let name: Str = self.text_of(&variable).into();
            declares.push(name.clone());
            self.variables.push(name);
            if !comma {
                return Ok((declares, next.kind == Kind::Assign));
            }
            if context != "range" || declares.len() > 1 {
                return self.fail(format!("too many declarations in {context}"));
            }
            if !matches!(self.peek().kind, Kind::Variable | Kind::RightDelim | Kind::RightParen) {
                return self.fail("range can only initialize variables");
            }
        }
    }
}
