// Package journal keeps the state of the local cloud in a folder, so that nothing that was
// acknowledged is lost when the process is killed.
//
// Each service saves an entry (a queue, a message, an item, a rule …) by kind and key as it changes it, under the
// mutex that guards it, and loads its entries when it starts. A change costs an append to memory; before
// the front answers a request, whatever it was, it calls Commit, which writes all changes so far, of all
// services and requests, with one system call. So changes are written in the order in which they were
// made, and what survives is always a beginning of that order: an effect never survives without its
// cause. A service has to save the two in that order, and may leave the rest to Commit. What internal work does between
// requests is written within a moment.
//
// The file is a line that names the format, and frames: the length and a checksum, a checksum of these
// two, and changes. A frame that the file ends within was being written when the process was
// killed, so nobody was told of it, and it is dropped; any other damage is an error. Where each entry lies is kept in
// memory. When most of the file is outdated, the rest is copied to a new one, which takes its place.
//
// A write ends in the memory of the system, which outlives the process. It is not forced onto the disk
// (fsync): a machine that loses its power may lose the last seconds. It is forced when the file is
// copied, and by Close.
//
// A nil *Journal is one that keeps nothing, and costs nothing.
package journal
