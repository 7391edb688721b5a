package wire

import (
	"net/http"
	"strconv"

	"example.com/troupe/scripts/local/cloud/requestid"
)

// Respond writes a whole response with its length and a request id.
func Respond(w http.ResponseWriter, status int, contentType string, body []byte) {
	header := w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("X-Amzn-Requestid", requestid.New())
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has gone is no error of ours
}
