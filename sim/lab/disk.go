package lab

import (
	"fmt"
	"io/fs"
	"strings"
)

// Disk is the storage of one host: a flat directory of files. Names are plain
// file names; one with a path separator in it is refused.
//
// Nothing survives a power cut but what was synced: Sync makes a file's bytes
// durable, SyncDir makes creations, renames and removals durable.
//
// Errors are those of package os and wrap fs.ErrNotExist, syscall.ENOSPC,
// syscall.EIO and the like.
type Disk interface {
	// Append writes data at the end of the file and creates it if needed. When
	// it fails, a part of data may have been written.
	Append(name string, data []byte) error
	// Read returns the whole file.
	Read(name string) ([]byte, error)
	// ReadAt reads into p from an offset, like io.ReaderAt.
	ReadAt(name string, p []byte, off int64) (int, error)
	// Truncate cuts the file to size.
	Truncate(name string, size int64) error
	// Rename gives a file another name, replacing what had it.
	Rename(from, to string) error
	// Remove deletes the file.
	Remove(name string) error
	// List returns the names of all files, sorted.
	List() ([]string, error)
	// Sync makes the file's contents durable. After it failed, what was
	// written since the last good one must be taken for lost, whatever a later
	// Sync says: truncate it away and write it again.
	Sync(name string) error
	// SyncDir makes the directory itself durable.
	SyncDir() error
}

// CheckName refuses names that are no plain file name of a Disk: a lab that
// makes file names out of what a client sent must not leave its folder.
func CheckName(name string) error {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\\\x00") || len(name) > 255 {
		return &fs.PathError{Op: "open", Path: fmt.Sprintf("%.80q", name), Err: fs.ErrInvalid}
	}
	return nil
}
