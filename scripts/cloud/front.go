package cloud

import (
	"fmt"
	"net"
	"net/http"
	"strings"

	"example.com/localcloud/bill"
	"example.com/localcloud/eventbridge"
	"example.com/localcloud/faults"
	"example.com/localcloud/wire"
)

// ServeHTTP serves requests to all services. The Authorization header names both the service and the caller. As on
// AWS, a request without one is rejected. That also keeps web pages out, because they cannot send the header without
// a preflight request.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if c.journal != nil {
		w = &durable{ResponseWriter: w, request: r, journal: c.journal}
	}
	if public := c.SNS.Public(r); public != nil {
		public.ServeHTTP(w, r) // links in messages carry no signature
		return
	}
	key, service, err := credential(r.Header.Get("Authorization"))
	if err != nil {
		wire.Fail(w, r, "local", err)
		return
	}
	handler := c.handler(service)
	if handler == nil {
		wire.Fail(w, r, service, &wire.Error{Code: "UnknownOperationException", Status: http.StatusNotFound,
			Message: fmt.Sprintf("the local cloud has no service %.100s: %s %.200s", service, r.Method, operation(r))})
		return
	}
	from, _, _ := net.SplitHostPort(r.RemoteAddr) // "" if there is no address, as in a simulation
	caller, err := c.IAM.Caller(key, from)
	if err != nil {
		wire.Fail(w, r, service, err)
		return
	}
	c.serve(w, r.WithContext(wire.WithCaller(r.Context(), caller)), key, handler, bill.Use{Service: service, Caller: caller.ARN()})
}

// serve serves a request, and tells the meter what it was.
func (c *Cloud) serve(w http.ResponseWriter, r *http.Request, key string, handler http.Handler, use bill.Use) {
	if !c.Bill.Listening() {
		c.retries.serve(w, r, key, handler)
		return
	}
	sized := &sized{ResponseWriter: w}
	c.retries.serve(sized, r.WithContext(wire.WithRan(r.Context(), &use.Operation)), key, handler)
	use.Bytes = max(int(r.ContentLength), sized.bytes)
	use.Empty = use.Operation == "ReceiveMessage" && sized.bytes <= len("{}")
	c.Bill.Tell(use)
}

// sized counts the bytes of a response.
type sized struct {
	http.ResponseWriter
	bytes int
}

func (s *sized) Write(p []byte) (int, error) {
	n, err := s.ResponseWriter.Write(p)
	s.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController work.
func (s *sized) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// handler returns the handler of a service with its faults applied, or nil if there is no such service. The
// services that AWS doesn't have, which are for tests, have none, so faults can always be removed.
func (c *Cloud) handler(service string) http.Handler {
	switch service {
	case faults.Name:
		return c.Faults.Wire()
	case eventbridge.Outside:
		return c.EventBridge.WireOutside()
	}
	if c.services[service] == nil {
		return nil
	}
	return c.Faults.Around(service, c.services[service])
}

// operation names the operation of a request, as far as the request says.
func operation(r *http.Request) string {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return target
	}
	return r.URL.Path
}

// credential returns the access key and the service in a signature of version 4:
//
//	AWS4-HMAC-SHA256 Credential=AKID/20261124/us-east-1/sqs/aws4_request, SignedHeaders=…, Signature=…
//
// It doesn't verify the signature: see package iam.
func credential(authorization string) (key, service string, err error) {
	if authorization == "" {
		return "", "", &wire.Error{Code: "MissingAuthenticationTokenException", QueryCode: "MissingAuthenticationToken", Status: http.StatusForbidden,
			Message: "Missing Authentication Token: sign the request; any credentials will do"}
	}
	_, scope, _ := strings.Cut(authorization, "Credential=")
	scope, _, _ = strings.Cut(scope, ",")
	parts := strings.Split(strings.TrimSpace(scope), "/")
	if len(parts) < 5 {
		return "", "", &wire.Error{Code: "IncompleteSignatureException", QueryCode: "IncompleteSignature",
			Message: fmt.Sprintf("the Authorization header contains no credential of the form key/date/region/service/aws4_request: %.200q", authorization)}
	}
	n := len(parts)
	return strings.Join(parts[:n-4], "/"), parts[n-2], nil
}
