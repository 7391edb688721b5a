package wire

import (
	"hash/crc32"
	"net/http"
	"strconv"

	"example.com/localcloud/requestid"
)

const (
	requestIDHeader = "X-Amzn-Requestid"
	checksumHeader  = "X-Amz-Crc32" // of DynamoDB, whose clients warn about each response without it
)

// Respond writes a complete response with its length. It adds a request id if there is none.
func Respond(w http.ResponseWriter, status int, contentType string, body []byte) {
	header := w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set(checksumHeader, strconv.FormatUint(uint64(crc32.ChecksumIEEE(body)), 10))
	if header.Get(requestIDHeader) == "" {
		header.Set(requestIDHeader, requestid.New())
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that disconnects is not an error
}
