//! Documents that are judged before anybody asks them. Nothing is executed and no session is needed.

use std::sync::Arc;

use async_graphql::{
    Request, ServerError, ValidationResult,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextValidation},
};

use super::{
    SkiplevelSchema, builder,
    error::{ErrorCode, Fault},
    preflight::{QueryLimits, preflight_unasked},
};

/// Judges documents by the schema and by limits.
pub struct Reviewer {
    schema: SkiplevelSchema,
    limits: QueryLimits,
}

impl Reviewer {
    /// Judges by these limits.
    pub fn new(limits: QueryLimits) -> Self {
        Self {
            schema: builder().extension(NoFurther).finish(),
            limits,
        }
    }

    /// Says why no operation of this document could ever be answered, or the first of them that could not.
    pub async fn review(&self, document: &str) -> Result<(), Fault> {
        let mut request = Request::new("");
        request.set_parsed_query(preflight_unasked(document, &self.limits)?);
        let response = self.schema.execute(request).await;
        response
            .errors
            .into_iter()
            .next()
            .map_or(Ok(()), |error| Err(invalid(&error)))
    }
}

/// Ends a request when its document was found to be valid, without an error of its own.
struct NoFurther;

impl ExtensionFactory for NoFurther {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for NoFurther {
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        next.run(ctx).await?;
        Err(Vec::new())
    }
}

fn invalid(error: &ServerError) -> Fault {
    let message = match error.locations.first() {
        Some(at) => format!("{} at {}:{}", error.message, at.line, at.column),
        None => error.message.clone(),
    };
    Fault::new(ErrorCode::GraphqlValidationFailed, message)
}

#[cfg(test)]
mod tests;
