//! Stylesheet, modules and the mark.

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, Uri, header},
};

/// `GET /assets/{hash}/{name}`
pub(crate) async fn show(uri: Uri) -> Response<Body> {
    let Some(asset) = web::asset(uri.path()) else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let mut response = Response::new(Body::from(asset.body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(web::assets::ASSET_CACHE_CONTROL));
    headers.insert(header::ETAG, HeaderValue::from_static(asset.etag));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
