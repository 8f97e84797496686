//! The bare handler: what the HTTP server and the client cost when nothing stands between them.

use std::net::TcpListener;

use actix_web::{App, HttpResponse, HttpServer, web};

use super::Failure;

/// Serves an answer of `bytes` bytes to every request on a free port, which it prints, until it is killed.
pub fn serve(bytes: usize) -> Result<(), Failure> {
    const EMPTY: usize = r#"{"data":{"is":""}}"#.len();
    let answer = format!(r#"{{"data":{{"is":"{}"}}}}"#, "x".repeat(bytes.saturating_sub(EMPTY)));
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("the bare handler listens on http://{}/graphql", listener.local_addr()?);
    let server = move || {
        let answer = web::Bytes::from(answer.clone());
        let handler = move |_: web::Bytes| {
            let answer = HttpResponse::Ok().content_type("application/json").body(answer.clone());
            std::future::ready(answer)
        };
        App::new().route("/graphql", web::post().to(handler))
    };
    Ok(actix_web::rt::System::new().block_on(HttpServer::new(server).listen(listener)?.run())?)
}
