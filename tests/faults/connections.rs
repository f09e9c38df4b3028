//! Faults of the connection: reset, closed, refused.

use std::io;
use std::net::TcpListener;
use std::sync::{Arc, OnceLock};

use tokio::net::TcpStream;
use understudy::scenarios::{FaultKind, Server};
use understudy::{Faults, Scenario, Stage};

use crate::raw::{Raw, address, ask, fault, get, on_list, played, stage, token, token_request};

#[tokio::test]
async fn a_reset_is_a_tcp_rst() {
    let stage = stage().await;
    let token = token(&stage).await;
    let _fault = stage.fault(on_list(FaultKind::Reset)).unwrap();
    let mut connection = Raw::connect(&stage, Server::Portal).await;
    connection.send(&get("/v1/apis", &token)).await;
    assert_eq!(connection.until_end().await.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    let exchanges = stage.journal().exchanges();
    assert_eq!((exchanges.last().unwrap().status, played(&stage, "/v1/apis")), (None, vec!["reset".to_owned()]));
}

#[tokio::test]
async fn a_close_is_the_end_of_the_stream_without_a_byte() {
    let stage = stage().await;
    let _fault = stage.fault(fault("{does: close}")).unwrap();
    for (server, request) in
        [(Server::Portal, get("/v1/apis", "x")), (Server::Idp, token_request("backstage", "backstage-dev-secret"))]
    {
        let mut connection = Raw::connect(&stage, server).await;
        connection.send(&request).await;
        assert_eq!(connection.until_end().await.unwrap(), b"");
    }
    assert_eq!(stage.journal().exchanges().last().unwrap().status, None);
}

#[tokio::test]
async fn a_connection_that_was_kept_is_closed_before_its_next_answer() {
    let stage = stage().await;
    let token = token(&stage).await;
    let mut connection = Raw::connect(&stage, Server::Portal).await;
    connection.send(&get("/v1/apis", &token)).await;
    assert_eq!(connection.answer().await.status(), 200);
    let _fault = stage.fault(on_list(FaultKind::Close)).unwrap();
    connection.send(&get("/v1/apis", &token)).await;
    assert_eq!(connection.until_end().await.unwrap(), b"");
}

#[tokio::test]
async fn refused_connections_are_refused_by_the_system_and_the_port_stays_taken() {
    let stage = stage().await;
    let portal = address(&stage, Server::Portal);
    let refuse = stage.fault(fault("{does: refuse, server: portal}")).unwrap();
    for _ in 0..3 {
        assert_eq!(TcpStream::connect(portal).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
        assert_eq!(TcpListener::bind(portal).unwrap_err().kind(), io::ErrorKind::AddrInUse);
    }
    // The other mock knows nothing of it.
    token(&stage).await;
    drop(refuse);
    assert_eq!(ask(&stage, Server::Portal, &get("/v1/apis", &token(&stage).await)).await.status(), 200);
}

#[tokio::test]
async fn refusing_closes_the_connections_that_are_open() {
    let stage = stage().await;
    let token = token(&stage).await;
    let mut connection = Raw::connect(&stage, Server::Portal).await;
    connection.send(&get("/v1/apis", &token)).await;
    assert_eq!(connection.answer().await.status(), 200);
    let refuse = stage.fault(fault("{does: refuse, server: portal}")).unwrap();
    assert_eq!(connection.until_end().await.unwrap(), b"");
    // With what is left of that connection, the port is held and listened on again all the same.
    assert_eq!(TcpListener::bind(address(&stage, Server::Portal)).unwrap_err().kind(), io::ErrorKind::AddrInUse);
    drop(refuse);
    assert_eq!(ask(&stage, Server::Portal, &get("/v1/apis", &token)).await.status(), 200);
}

#[tokio::test]
async fn connections_are_closed_by_the_time_that_a_fault_is_in_force() {
    let stage = stage().await;
    let token = token(&stage).await;
    let mut connection = Raw::connect(&stage, Server::Portal).await;
    connection.send(&get("/v1/apis", &token)).await;
    assert_eq!(connection.answer().await.status(), 200);
    let mut socket = connection.into_socket();
    let _refuse = stage.fault(fault("{does: refuse, server: portal}")).unwrap();
    // This runtime has one thread, and nothing was awaited: no task has run since.
    assert_eq!(std::io::Read::read(&mut socket, &mut [0]).unwrap(), 0);
}

#[tokio::test]
async fn whoever_watches_the_exchanges_may_close_connections() {
    let faults: Arc<OnceLock<Faults>> = Arc::default();
    let watched = Arc::clone(&faults);
    let builder = Stage::builder(Scenario::find("quickstart").unwrap()).on_exchange(move |exchange| {
        if exchange.path == "/v1/apis"
            && let Some(faults) = watched.get()
        {
            let _ = faults.inject(fault("{does: refuse, server: portal}")).unwrap();
        }
    });
    let stage = builder.start().await.unwrap();
    let token = token(&stage).await;
    faults.set(stage.faults().clone()).unwrap();
    let mut connection = Raw::connect(&stage, Server::Portal).await;
    connection.send(&get("/v1/apis", &token)).await;
    // Its own answer may go out or not; then it ends.
    connection.until_end().await.unwrap();
    assert!(TcpStream::connect(address(&stage, Server::Portal)).await.is_err());
}

#[tokio::test]
async fn a_port_refuses_as_long_as_one_of_two_faults_does() {
    let stage = stage().await;
    let portal = address(&stage, Server::Portal);
    let (one, other) = (stage.fault(fault("{does: refuse}")).unwrap(), stage.fault(fault("{does: refuse}")).unwrap());
    drop(one);
    assert!(TcpStream::connect(portal).await.is_err());
    drop(other);
    assert!(TcpStream::connect(portal).await.is_ok());
}

#[tokio::test]
async fn a_stage_that_refuses_ends_like_any_other() {
    // Where a whole network is loopback, an address of its own: no other test can take the port once it is free.
    let own = if cfg!(target_os = "linux") { [127, 0, 0, 78] } else { [127, 0, 0, 1] };
    let scenario = Scenario::find("quickstart").unwrap();
    let stage = Stage::builder(scenario).bind(own.into()).start().await.unwrap();
    let portal = stage.addresses()[0];
    let _ = stage.faults().inject(fault("{does: refuse}")).unwrap();
    drop(stage);
    assert_eq!(TcpStream::connect(portal).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
}

#[test]
fn a_fault_may_be_lifted_from_a_thread_that_is_in_no_runtime() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let stage = runtime.block_on(stage());
    let refuse = stage.fault(fault("{does: refuse}")).unwrap();
    drop(refuse);
    runtime.block_on(async { assert_eq!(crate::raw::list(&stage).await.status(), 200) });
    drop(stage);
}
