"""A collector of traces, by the OpenTelemetry packages for Python: collector.py TOKEN.

Prints its port. It takes what is sent to /v1/traces with `authorization: Bearer TOKEN`; GET / shows that as JSON.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

PROTOBUF = "application/x-protobuf"
token = sys.argv[1]
requests = []


def attributes(pairs):
    kind_and_value = lambda value: (kind := value.WhichOneof("value"), getattr(value, kind))
    return {pair.key: kind_and_value(pair.value) for pair in pairs}


def read(span):
    return {
        "name": span.name,
        "kind": Span.SpanKind.Name(span.kind),
        "status": Status.StatusCode.Name(span.status.code),
        "trace": span.trace_id.hex(),
        "id": span.span_id.hex(),
        "parent": span.parent_span_id.hex(),
        "nanoseconds": span.end_time_unix_nano - span.start_time_unix_nano,
        "began": span.start_time_unix_nano,
        "attributes": attributes(span.attributes),
    }


def read_all(request):
    for of_resource in request.resource_spans:
        resource = attributes(of_resource.resource.attributes)
        for of_scope in of_resource.scope_spans:
            for span in of_scope.spans:
                yield read(span) | {"resource": resource, "scope": of_scope.scope.name}


class Collector(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path != "/v1/traces":
            return self.answer(404)
        if self.headers["authorization"] != f"Bearer {token}":
            return self.answer(401)
        if self.headers["content-type"] != PROTOBUF:
            return self.answer(415)
        requests.append(list(read_all(ExportTraceServiceRequest.FromString(body))))
        self.answer(200, PROTOBUF, ExportTraceServiceResponse().SerializeToString())

    def do_GET(self):
        self.answer(200, "application/json", json.dumps(requests).encode())

    def answer(self, status, content_type="text/plain", body=b""):
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
print("port", server.server_port, flush=True)
server.serve_forever()
