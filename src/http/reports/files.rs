//! `/reports/coverage.csv` and `/reports/coverage.html`: the report of a token's bearer as a file.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    web::{Data, Query, ServiceConfig, route},
};

use crate::{
    app::{AppError, CoverageQuery, Eyes},
    domain::coverage::Grouping,
    graphql::person_id,
    http::{
        Front,
        reading::{Call, Refusal},
        server::State,
        visit::Entrance,
    },
    report::{self, Document},
};

/// A page that was downloaded runs nothing and loads nothing; its looks are within it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; \
     form-action 'none'; sandbox";

/// The routes.
pub(in crate::http) fn routes(config: &mut ServiceConfig) {
    config
        .route("/reports/coverage.csv", route().to(csv))
        .route("/reports/coverage.html", route().to(html));
}

async fn csv(request: HttpRequest, state: Data<State<Front>>) -> HttpResponse {
    let call = Call::new(&request, &state, Entrance::Reports);
    let document = Box::pin(document(&call)).await;
    call.answer(document.map(|document| {
        call.builder(StatusCode::OK)
            .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8; header=present"))
            .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"coverage.csv\""))
            .body(report::csv(&document))
    }))
}

async fn html(request: HttpRequest, state: Data<State<Front>>) -> HttpResponse {
    let call = Call::new(&request, &state, Entrance::Reports);
    let document = Box::pin(document(&call)).await;
    call.answer(document.map(|document| {
        call.builder(StatusCode::OK)
            .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((CONTENT_SECURITY_POLICY, POLICY))
            .body(report::html(&document))
    }))
}

async fn document(call: &Call<'_>) -> Result<Document, Refusal> {
    call.check_method()?;
    let query = query(call.request.query_string()).map_err(Refusal::Failed)?;
    call.as_bearer(async move |session| {
        let coverage = session.coverage(query).await?;
        Document::gather(&session, &coverage).await
    })
    .await
}

/// What the address asks for, by the names of `CoverageInput`.
fn query(text: &str) -> Result<CoverageQuery, AppError> {
    let wrong = |message: String| AppError::Input(message);
    let pairs = Query::<Vec<(String, String)>>::from_query(text)
        .map_err(|_| wrong("the address's parameters could not be read".to_owned()))?;
    let mut query = CoverageQuery {
        under: None,
        window_days: 365,
        as_of: None,
        department: None,
        grouping: Grouping::Depth,
        eyes: Eyes::Viewer,
    };
    for (name, value) in pairs.into_inner() {
        match name.as_str() {
            // What is no person's id is nobody's.
            "under" => query.under = Some(person_id(&value).unwrap_or_default()),
            "windowDays" => {
                let days = value.parse();
                query.window_days = days.map_err(|_| wrong("windowDays should be a number of days".to_owned()))?;
            }
            "asOf" => {
                let day = value.parse();
                query.as_of = Some(day.map_err(|_| wrong("asOf should be a day like 2026-03-31".to_owned()))?);
            }
            "department" => query.department = Some(value),
            _ => {
                let message = format!("{name} is no parameter here; there are under, windowDays, asOf and department");
                return Err(wrong(message));
            }
        }
    }
    Ok(query)
}
