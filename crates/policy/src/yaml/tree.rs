//! YAML events to a tree of nodes that know their place. An alias shares the node of its anchor, so that a document which
//! repeats itself costs no more than its text; readers of the tree bound how often they follow one.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

use crate::problem::{Problem, Problems};
use crate::yaml::Place;

/// Deepest nesting; the deepest field of a document lies 8 deep.
const MAX_DEPTH: usize = 32;
/// Most nodes of one document.
const MAX_NODES: usize = 500_000;

/// Index of a node in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NodeId(usize);

/// One value of the text.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    /// Where the text of a scalar begins, if it stands in one line as it reads.
    pub(super) text: Option<Place>,
    pub(super) content: Content,
}

/// What a node holds.
#[derive(Debug)]
pub(super) enum Content {
    /// Key and value of each entry, in the order of the text.
    Mapping(Vec<(NodeId, NodeId)>),
    /// A scalar and whether it stands bare, so that `null`, `true` and numbers can be told from text.
    Scalar { text: String, plain: bool },
    /// Items in order.
    Sequence(Vec<NodeId>),
}

/// One document of YAML.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    pub(super) root: NodeId,
}

impl Tree {
    pub(super) fn read(text: &str) -> Result<Tree, Problems> {
        let mut builder = Builder::default();
        let outcome = builder.run(text);
        match (outcome, builder.root) {
            (Err(problem), _) => builder.problems.push(problem),
            (Ok(()), None) => {
                builder.problems.push(problem(
                    Place { line: 1, column: 1 },
                    "the document is empty; begin with `version: 1`",
                ));
            }
            (Ok(()), Some(root)) if builder.problems.is_empty() => {
                return Ok(Tree { nodes: builder.nodes, root });
            }
            (Ok(()), Some(_)) => {}
        }
        builder.problems.sort();
        Err(Problems(builder.problems))
    }

    pub(super) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0)
    }
}

#[derive(Default)]
struct Builder {
    nodes: Vec<Node>,
    root: Option<NodeId>,
    open: Vec<Open>,
    anchors: HashMap<usize, NodeId>,
    problems: Vec<Problem>,
}

/// A collection whose end has not come yet.
struct Open {
    place: Place,
    anchor: usize,
    mapping: bool,
    children: Vec<NodeId>,
}

impl Builder {
    fn run(&mut self, text: &str) -> Result<(), Problem> {
        let mut documents = 0;
        for event in Parser::new_from_str(text) {
            let (event, span) = event
                .map_err(|error| problem(place_of(*error.marker()), format!("not YAML: {}", error.info())))?;
            if matches!(event, Event::DocumentStart(_)) {
                documents += 1;
                if documents > 1 {
                    return Err(problem(place_of(span.start), "a second document begins here; expected one"));
                }
            }
            self.take(event, span)?;
        }
        Ok(())
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        let place = place_of(span.start);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_tag(place, tag.is_some());
                let plain = matches!(style, ScalarStyle::Plain);
                let content = Content::Scalar { text: text.into_owned(), plain };
                let text = text_place(&content, span);
                self.add(Node { place, text, content }, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_tag(place, tag.is_some());
                self.open(Open { place, anchor, mapping: false, children: Vec::new() })
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_tag(place, tag.is_some());
                self.open(Open { place, anchor, mapping: true, children: Vec::new() })
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(id) => {
                    self.attach(*id);
                    Ok(())
                }
                None => Err(problem(place, "the alias stands inside the value it refers to")),
            },
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn refuse_tag(&mut self, place: Place, tagged: bool) {
        if tagged {
            self.problems.push(problem(place, "tags are not supported; write the value without `!`"));
        }
    }

    fn open(&mut self, open: Open) -> Result<(), Problem> {
        if self.open.len() >= MAX_DEPTH {
            return Err(problem(open.place, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        self.open.push(open);
        Ok(())
    }

    fn close(&mut self) -> Result<(), Problem> {
        let Some(Open { place, anchor, mapping, children }) = self.open.pop() else {
            return Ok(());
        };
        let content = if mapping {
            Content::Mapping(
                children.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect(),
            )
        } else {
            Content::Sequence(children)
        };
        self.add(Node { place, text: None, content }, anchor)
    }

    fn add(&mut self, node: Node, anchor: usize) -> Result<(), Problem> {
        if self.nodes.len() >= MAX_NODES {
            return Err(problem(node.place, format!("more than {MAX_NODES} values")));
        }
        let id = NodeId(self.nodes.len());
        self.nodes.push(node);
        if anchor > 0 {
            self.anchors.insert(anchor, id);
        }
        self.attach(id);
        Ok(())
    }

    fn attach(&mut self, id: NodeId) {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(id),
            None => self.root = Some(id),
        }
    }
}

/// Where the text of a scalar begins, if each of its characters stands in the document as it reads.
fn text_place(content: &Content, span: Span) -> Option<Place> {
    let Content::Scalar { text, plain } = content else { return None };
    let place = place_of(span.start);
    let length = span.end.index().checked_sub(span.start.index())?;
    match length.checked_sub(text.chars().count())? {
        0 if *plain => Some(place),
        2 if !plain && !text.contains('\n') => Some(Place { column: place.column + 1, ..place }),
        _ => None,
    }
}

fn place_of(marker: Marker) -> Place {
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    Place { line: number(marker.line()), column: number(marker.col().saturating_add(1)) }
}

fn problem(place: Place, message: impl Into<String>) -> Problem {
    Problem { line: place.line, column: place.column, path: String::new(), message: message.into() }
}
