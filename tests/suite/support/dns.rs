//! A server of the DNS that knows a few domains below `example`, and counts what it is asked.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use hickory_proto::op::{Message, OpCode, ResponseCode};
use hickory_proto::rr::rdata::{A, AAAA, MX, SOA};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use tokio::net::UdpSocket;
use tokio::task::JoinSet;

pub struct DnsServer {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    _task: JoinSet<()>,
}

impl DnsServer {
    pub async fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        // Whoever drops it ends the task with it.
        let mut task = JoinSet::new();
        task.spawn(serve(socket, Arc::clone(&asked)));
        Self {
            address,
            asked,
            _task: task,
        }
    }

    /// What it was asked so far, as `MX mail.example.`
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn serve(socket: UdpSocket, asked: Arc<Mutex<Vec<String>>>) {
    let mut octets = [0; 4096];
    loop {
        let (length, from) = socket.recv_from(&mut octets).await.unwrap();
        let request = Message::from_vec(&octets[..length]).unwrap();
        let query = request.queries[0].clone();
        let (name, kind) = (query.name(), query.query_type());
        asked.lock().unwrap().push(format!("{kind} {name}"));
        let Some((code, records)) = answer(&name.to_string(), kind) else {
            continue;
        };
        let mut message = Message::response(request.id, OpCode::Query);
        message.metadata.response_code = code;
        message.metadata.recursion_available = true;
        message.add_query(query.clone());
        if records.is_empty() && code != ResponseCode::ServFail {
            message.add_authority(Record::from_rdata(of("example."), 300, soa()));
        }
        let record = |data| Record::from_rdata(query.name().clone(), 300, data);
        message.add_answers(records.into_iter().map(record));
        let octets = message.to_vec().unwrap();
        socket.send_to(&octets, from).await.unwrap();
    }
}

/// None is silence.
fn answer(name: &str, kind: RecordType) -> Option<(ResponseCode, Vec<RData>)> {
    let host = RData::A(A(Ipv4Addr::new(192, 0, 2, 1)));
    let records = match (name.trim_end_matches('.'), kind) {
        ("mail.example", RecordType::MX) => vec![RData::MX(MX::new(10, of("mx.mail.example.")))],
        ("host.example", RecordType::A) => vec![host],
        ("six.example", RecordType::AAAA) => vec![RData::AAAA(AAAA(Ipv6Addr::LOCALHOST))],
        ("deaf.example", RecordType::MX) => vec![RData::MX(MX::new(0, of(".")))],
        ("deaf.example", RecordType::A) => vec![host],
        ("mail.example" | "host.example" | "six.example" | "deaf.example" | "empty.example", _) => {
            Vec::new()
        }
        ("broken.example", _) => return Some((ResponseCode::ServFail, Vec::new())),
        ("silent.example", _) => return None,
        _ => return Some((ResponseCode::NXDomain, Vec::new())),
    };
    Some((ResponseCode::NoError, records))
}

fn soa() -> RData {
    let (server, person) = (of("ns.example."), of("hostmaster.example."));
    RData::SOA(SOA::new(server, person, 1, 7200, 3600, 86400, 300))
}

fn of(name: &str) -> Name {
    Name::from_ascii(name).unwrap()
}
