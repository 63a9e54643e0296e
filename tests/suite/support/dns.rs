//! A server of the DNS that knows a few domains below `example`, and counts what it is asked.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use hickory_proto::op::{Message, OpCode, ResponseCode};
use hickory_proto::rr::rdata::{A, AAAA, MX, SOA, TXT};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use tokio::net::UdpSocket;
use tokio::task::JoinSet;

/// Records that a test has added, by name and kind: the sets of answers, given in turn until the last,
/// which stays.
type Own = Arc<Mutex<HashMap<(String, RecordType), VecDeque<Vec<RData>>>>>;

pub struct DnsServer {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    own: Own,
    _task: JoinSet<()>,
}

impl DnsServer {
    pub async fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        // Whoever drops it ends the task with it.
        let mut task = JoinSet::new();
        let own = Own::default();
        task.spawn(serve(socket, Arc::clone(&asked), Arc::clone(&own)));
        Self {
            address,
            asked,
            own,
            _task: task,
        }
    }

    /// Gives a name these addresses; the second time it is asked, those of the second call, and so on.
    pub fn host(&self, name: &str, addresses: &[&str]) {
        let mut own = self.own.lock().unwrap();
        for kind in [RecordType::A, RecordType::AAAA] {
            let data = addresses.iter().map(|text| match text.parse().unwrap() {
                IpAddr::V4(ip) => RData::A(A(ip)),
                IpAddr::V6(ip) => RData::AAAA(AAAA(ip)),
            });
            let data = data.filter(|data| data.record_type() == kind).collect();
            let sets = own.entry((name.to_owned(), kind)).or_default();
            sets.push_back(data);
        }
    }

    /// Gives a name these texts, instead of those it had.
    pub fn text(&self, name: &str, texts: &[&str]) {
        let parts = |text: &&str| {
            let parts = text.as_bytes().chunks(255);
            RData::TXT(TXT::from_bytes(parts.collect()))
        };
        let set = texts.iter().map(parts).collect();
        let key = (name.to_owned(), RecordType::TXT);
        self.own.lock().unwrap().insert(key, VecDeque::from([set]));
    }

    /// Gives a name this one record of its kind, instead of those it had.
    pub fn record(&self, name: &str, kind: RecordType, data: RData) {
        let key = (name.to_owned(), kind);
        let set = VecDeque::from([vec![data]]);
        self.own.lock().unwrap().insert(key, set);
    }

    /// What it was asked so far, as `MX mail.example.`
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn serve(socket: UdpSocket, asked: Arc<Mutex<Vec<String>>>, own: Own) {
    let mut octets = [0; 4096];
    loop {
        let (length, from) = socket.recv_from(&mut octets).await.unwrap();
        let request = Message::from_vec(&octets[..length]).unwrap();
        let query = request.queries[0].clone();
        let (name, kind) = (query.name(), query.query_type());
        asked.lock().unwrap().push(format!("{kind} {name}"));
        let text = name.to_string().to_lowercase();
        let added = own_answer(&own, text.trim_end_matches('.'), kind);
        let Some((code, records)) = added.or_else(|| answer(&text, kind)) else {
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

/// None where a test has added nothing for the name.
fn own_answer(own: &Own, name: &str, kind: RecordType) -> Option<(ResponseCode, Vec<RData>)> {
    let mut own = own.lock().unwrap();
    if !own.keys().any(|(known, _)| known == name) {
        return None;
    }
    let sets = own.get_mut(&(name.to_owned(), kind));
    let records = sets.map(|sets| match sets.len() {
        0 | 1 => sets.front().cloned().unwrap_or_default(),
        _ => sets.pop_front().unwrap_or_default(),
    });
    Some((ResponseCode::NoError, records.unwrap_or_default()))
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
