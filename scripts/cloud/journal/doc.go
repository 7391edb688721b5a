// Package journal saves the state of the local cloud in a folder, so that nothing that was acknowledged is lost when
// the process is killed.
//
// Each service saves an entry (a queue, a message, an item, a rule …) by kind and key whenever it changes it, under
// the mutex that guards it, and loads its entries when it starts. A change costs an append to memory. Before the
// front responds to any request, it calls Commit, which writes all changes so far, of all services and requests, with
// one system call. So changes are written in the order in which they were made, and a crash preserves a prefix of
// that order: an effect never survives without its cause. A service must save cause and effect in that order, and can
// leave the rest to Commit. Changes from internal work between requests are written within milliseconds.
//
// The file consists of a line that names the format, followed by frames. A frame contains the length and a checksum
// of its changes, a checksum of these two, and the changes. If the last frame is incomplete, it was being written
// when the process was killed, so it had not been acknowledged and is dropped. Any other damage is an error. The
// position of each entry is kept in memory. When most of the file is outdated, the current entries are copied to a
// new file, which replaces it.
//
// A write reaches the operating system's memory, which outlives the process, but is not forced to disk (fsync): a
// machine that loses power may lose the last seconds. The file is forced to disk when it is copied and by Close.
//
// A nil *Journal saves nothing and costs nothing.
package journal
