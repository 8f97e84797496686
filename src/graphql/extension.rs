//! How errors travel through an execution: the rules of the GraphQL specification where the library departs from them.
//!
//! Without this extension an error in a nullable field takes its whole parent with it and hides its siblings' errors.
//! With it the field is null, the error is recorded with its full path, and the siblings keep their values. A field
//! that is not nullable propagates to the nearest parent that is. At most [`MAX_ERRORS`] errors are reported, and each
//! goes through [`published`], which masks what is not ours.

use std::{
    any::TypeId,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use async_graphql::{
    PathSegment, QueryPathNode, QueryPathSegment, Request, Response, ServerError, ServerResult, ValidationResult,
    Value, Variables,
    extensions::{
        Extension, ExtensionContext, ExtensionFactory, NextExecute, NextParseQuery, NextPrepareRequest, NextRequest,
        NextResolve, NextSubscribe, NextValidation, ResolveInfo,
    },
    futures_util::stream::{BoxStream, StreamExt},
    parser::types::ExecutableDocument,
};

use super::{
    error::{ErrorCode, Fault, one_line, published},
    preflight::syntax_fault,
};

/// The most errors one response holds: a document with a thousand unknown fields is not answered a thousand times.
pub const MAX_ERRORS: usize = 20;

/// What a request is called in the log, and how far it came. Put an `Arc<Trace>` into the request's data.
#[derive(Debug, Default)]
pub struct Trace {
    request_id: String,
    executing: AtomicBool,
}

impl Trace {
    /// A request that has not begun to execute.
    pub fn new(request_id: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            request_id: request_id.into(),
            executing: AtomicBool::new(false),
        })
    }

    /// The id that stands in the log, in `X-Request-Id` and in masked errors.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// Whether execution began. If not, the response carries no `data` key: its errors are about the request.
    pub fn began(&self) -> bool {
        self.executing.load(Ordering::Acquire)
    }
}

/// Add to a schema with `.extension(ErrorRules)`.
#[derive(Clone, Copy, Debug)]
pub struct ErrorRules;

impl ExtensionFactory for ErrorRules {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Rules::default())
    }
}

/// One request's errors of nullable fields; the library makes an instance for each request.
#[derive(Default)]
struct Rules {
    trace: Arc<OnceLock<Arc<Trace>>>,
    recorded: Mutex<Vec<ServerError>>,
}

#[async_graphql::async_trait::async_trait]
impl Extension for Rules {
    async fn request(&self, ctx: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        let response = next.run(ctx).await;
        finished(response, request_id(&self.trace))
    }

    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        let trace = request
            .data
            .get(&TypeId::of::<Arc<Trace>>())
            .and_then(|data| data.downcast_ref::<Arc<Trace>>());
        if let Some(trace) = trace {
            // Each request has an instance of its own, so the first trace is the only one.
            let _ = self.trace.set(Arc::clone(trace));
        }
        next.run(ctx, request).await
    }

    fn subscribe<'s>(
        &self,
        ctx: &ExtensionContext<'_>,
        stream: BoxStream<'s, Response>,
        next: NextSubscribe<'_>,
    ) -> BoxStream<'s, Response> {
        let trace = Arc::clone(&self.trace);
        next.run(
            ctx,
            stream
                .map(move |response| finished(response, request_id(&trace)))
                .boxed(),
        )
    }

    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        next.run(ctx, query, variables)
            .await
            .map_err(|error| syntax_fault(&error.message, error.locations.first().copied()).into_server_error())
    }

    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        next.run(ctx).await.map_err(|mut errors| {
            errors.truncate(MAX_ERRORS);
            errors.into_iter().map(invalid).collect()
        })
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        if let Some(trace) = self.trace.get() {
            trace.executing.store(true, Ordering::Release);
        }
        let mut response = next.run(ctx, operation_name).await;
        response
            .errors
            .append(&mut self.recorded.lock().unwrap_or_else(PoisonError::into_inner));
        finished(response, request_id(&self.trace))
    }

    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let (node, nullable) = (info.path_node, !info.return_type.ends_with('!'));
        match next.run(ctx, info).await {
            Ok(value) => Ok(value),
            Err(mut error) => {
                // The innermost field is the first to see an error and knows the whole path. The library's own is cut
                // at list indices, and empty for arguments.
                if error.path.len() < 1 + node.parents().count() {
                    error.path = path(node);
                }
                if !nullable {
                    return Err(error);
                }
                let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
                if recorded.len() < MAX_ERRORS {
                    recorded.push(error);
                }
                // `None` would do for a field; for an element of a list the library insists on a value.
                Ok(Some(Value::Null))
            }
        }
    }
}

fn request_id(trace: &OnceLock<Arc<Trace>>) -> &str {
    trace.get().map_or("", |trace| trace.request_id())
}

/// Caps the errors and makes them fit to be read. Doing it twice changes nothing: what was published is a [`Fault`].
fn finished(mut response: Response, request_id: &str) -> Response {
    response.errors.truncate(MAX_ERRORS);
    response.errors = response
        .errors
        .into_iter()
        .map(|error| published(error, request_id))
        .collect();
    response
}

fn invalid(mut error: ServerError) -> ServerError {
    if error.source::<Fault>().is_none() {
        error.source = Some(Arc::new(Fault::new(
            ErrorCode::GraphqlValidationFailed,
            one_line(&error.message),
        )));
    }
    error
}

fn path(node: &QueryPathNode<'_>) -> Vec<PathSegment> {
    let mut path: Vec<_> = std::iter::once(node)
        .chain(node.parents())
        .map(|node| match node.segment {
            QueryPathSegment::Name(name) => PathSegment::Field(name.to_owned()),
            QueryPathSegment::Index(index) => PathSegment::Index(index),
        })
        .collect();
    path.reverse();
    path
}

#[cfg(test)]
mod tests;
