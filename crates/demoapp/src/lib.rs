//! demoapp
