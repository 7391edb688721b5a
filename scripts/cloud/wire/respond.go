package wire

import (
	"hash/crc32"
	"net/http"
	"strconv"

	"example.com/localcloud/requestid"
)

const (
	requestIDHeader = "X-Amzn-Requestid"
	checksumHeader  = "X-Amz-Crc32" // DynamoDB's: its clients complain of each answer without it
)

// Respond writes a whole response with its length, and a request id unless it has
// one.
func Respond(w http.ResponseWriter, status int, contentType string, body []byte) {
	header := w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set(checksumHeader, strconv.FormatUint(uint64(crc32.ChecksumIEEE(body)), 10))
	if header.Get(requestIDHeader) == "" {
		header.Set(requestIDHeader, requestid.New())
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has gone is no error of ours
}
