package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// File keeps the state over a restart. It is a file of JSON lines that only grows. Each
// line is a whole record, and the last record of a thing counts. A nil File keeps
// nothing; it is the mode without a directory.
//
// A line is queued under the lock of the thing that it describes, so the lines are in
// the order of events. Waiting for the disk happens outside of every lock, and all
// lines that were queued meanwhile are written at once.
type File struct {
	file *os.File

	mu      sync.Mutex
	cond    *sync.Cond
	buffer  []byte
	batch   uint64 // number of the batch that is being filled
	written uint64 // batches on disk
	writing bool
	err     error
}

// storedLine is one line of the state file.
type storedLine struct {
	Kind  string          `json:"k"`
	Value json.RawMessage `json:"v"`
}

// Open passes every line of state.jsonl in dir to replay and opens the file for more.
// It cuts off a torn last line. It returns nil if dir is empty.
func Open(dir string, replay func(kind string, value json.RawMessage) error) (*File, error) {
	if dir == "" {
		return nil, nil
	}
	path := filepath.Join(dir, "state.jsonl")
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	good := bytes.LastIndexByte(data, '\n') + 1 // the rest was torn by a crash
	for n, line := range bytes.Split(data[:good], []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		var l storedLine
		err := json.Unmarshal(line, &l)
		if err == nil {
			err = replay(l.Kind, l.Value)
		}
		if err != nil {
			return nil, fmt.Errorf("sandbox: %s line %d: %w", path, n+1, err)
		}
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	// Without the cut the next line would continue the torn one.
	if err := file.Truncate(int64(good)); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if _, err := file.Seek(0, io.SeekEnd); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	st := &File{file: file}
	st.cond = sync.NewCond(&st.mu)
	return st, nil
}

// Queue adds a record and returns the ticket for [File.Wait]. It never blocks on the
// disk and so may be called under a lock.
func (st *File) Queue(kind string, value any) uint64 {
	if st == nil {
		return 0
	}
	raw, err := json.Marshal(value)
	if err == nil {
		raw, err = json.Marshal(storedLine{kind, raw})
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if err != nil {
		st.err = errors.Join(st.err, err)
		return st.batch
	}
	st.buffer = append(append(st.buffer, raw...), '\n')
	return st.batch
}

// Wait blocks until the line of a ticket was handed to the operating system. A process
// that is killed afterwards still knows what it has answered.
func (st *File) Wait(ticket uint64) error {
	if st == nil {
		return nil
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	for st.written <= ticket {
		if st.writing {
			st.cond.Wait()
			continue
		}
		st.writeBatch()
	}
	return st.err
}

// writeBatch writes the queued lines. It is called with the lock held and gives it up
// while it writes.
func (st *File) writeBatch() {
	lines := st.buffer
	st.buffer, st.writing = nil, true
	st.batch++
	st.mu.Unlock()
	_, err := st.file.Write(lines)
	st.mu.Lock()
	st.writing = false
	st.written = st.batch
	if err != nil {
		st.err = errors.Join(st.err, err)
	}
	st.cond.Broadcast()
}

// Close writes the queued lines and closes the file.
func (st *File) Close() error {
	if st == nil {
		return nil
	}
	st.mu.Lock()
	last := st.batch
	st.mu.Unlock()
	return errors.Join(st.Wait(last), st.file.Close())
}
