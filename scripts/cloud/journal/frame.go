package journal

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// frameHeader is the size of a frame's header: the length of the changes, their checksum, and a checksum of these
// two, so that a damaged length is not mistaken for an incomplete frame.
const frameHeader = 12

var polynomial = crc32.MakeTable(crc32.Castagnoli)

func appendFrame(b, changes []byte) []byte {
	at := len(b)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(changes)))
	b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(changes, polynomial))
	b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(b[at:], polynomial))
	return append(b, changes...)
}

var errDamaged = errors.New("checksum mismatch")

// readFrame returns the changes of the next frame, io.EOF after the last one, and io.ErrUnexpectedEOF if the frame is
// incomplete.
func readFrame(r *bufio.Reader) ([]byte, error) {
	var header [frameHeader]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return nil, err
	}
	number := func(i int) uint32 { return binary.LittleEndian.Uint32(header[4*i:]) }
	if crc32.Checksum(header[:8], polynomial) != number(2) {
		return nil, errDamaged
	}
	changes := make([]byte, number(0))
	if _, err := io.ReadFull(r, changes); err != nil {
		return nil, io.ErrUnexpectedEOF
	}
	if crc32.Checksum(changes, polynomial) != number(1) {
		return nil, errDamaged
	}
	return changes, nil
}

// apply records the positions of the entries in a frame's changes. offset is the position of the changes in the file.
func (j *Journal) apply(changes []byte, offset int64) error {
	for at := 0; at < len(changes); {
		begin := at
		kind, ok1 := readField(changes, &at, 0)
		key, ok2 := readField(changes, &at, 0)
		value, ok3 := readField(changes, &at, 1)
		if !ok1 || !ok2 || !ok3 {
			return errDamaged
		}
		entries := j.entries[string(kind)]
		if entries == nil {
			entries = map[string]place{}
			j.entries[string(kind)] = entries
		}
		if old, known := entries[string(key)]; known {
			j.live -= entrySize(string(kind), string(key), old)
			delete(entries, string(key))
		}
		if value != nil {
			entries[string(key)] = place{offset + int64(at-len(value)), len(value)}
			j.live += int64(at - begin)
		}
	}
	return nil
}

// entrySize returns the size of the change that created an entry.
func entrySize(kind, key string, p place) int64 {
	var b [3 * binary.MaxVarintLen64]byte
	n := binary.PutUvarint(b[:], uint64(len(kind))) + binary.PutUvarint(b[:], uint64(len(key))) + binary.PutUvarint(b[:], uint64(p.length)+1)
	return int64(n + len(kind) + len(key) + p.length)
}

// readField reads a field after its length, which is stored increased by more. It returns nil if there is no field.
func readField(b []byte, at *int, more uint64) (found []byte, ok bool) {
	length, n := binary.Uvarint(b[*at:])
	if n <= 0 {
		return nil, false
	}
	*at += n
	if length < more {
		return nil, true
	}
	length -= more
	if length > uint64(len(b)-*at) {
		return nil, false
	}
	*at += int(length)
	return b[*at-int(length) : *at : *at], true
}

// write appends a frame to the file.
func (j *Journal) write(changes []byte) error {
	framed := appendFrame(make([]byte, 0, frameHeader+len(changes)), changes)
	if _, err := j.file.WriteAt(framed, j.size); err != nil {
		return err
	}
	offset := j.size + frameHeader
	j.size += int64(len(framed))
	return j.apply(changes, offset)
}
