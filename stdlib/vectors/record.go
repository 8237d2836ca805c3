package vectors

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"kairos/stdlib/internal/safetensors"
	"kairos/stdlib/matrix"
)

// A block of a cache is, all numbers in little-endian order,
//
//	"blk1"   4 bytes
//	count    4 bytes: of its vectors
//	sum      4 bytes: CRC-32C of the table
//	table    of each vector: the key of its text, 32 bytes; CRC-32C of the vector, 4 bytes
//	vectors  float32
const (
	blockMagic = "blk1"
	blockHead  = 12
	tableRow   = len(Key{}) + 4
	maxCount   = 1 << 24 // more than a block ever has
)

// slot is where a vector lies.
type slot struct {
	at  int64
	sum uint32
}

func sum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

// absorb learns the blocks behind the end that is known, and cuts off what is not whole. The caller
// has the lock.
func (c *Cache) absorb() error {
	stat, err := c.file.Stat()
	if err != nil {
		return err
	}
	if stat.Size() < c.end {
		return errors.New("the file became shorter: it was altered, and another process cut it: open it again")
	}
	for c.end < stat.Size() {
		table, err := c.table(stat.Size())
		if err != nil {
			return err
		}
		if table == nil {
			return c.file.Truncate(c.end)
		}
		c.learn(table)
	}
	return nil
}

// table reads the table of the block at the end that is known; nil if the block is not whole.
func (c *Cache) table(size int64) ([]byte, error) {
	var head [blockHead]byte
	if c.end+blockHead > size {
		return nil, nil
	}
	if _, err := c.file.ReadAt(head[:], c.end); err != nil {
		return nil, err
	}
	count := int64(binary.LittleEndian.Uint32(head[4:]))
	after := c.end + blockHead + count*int64(tableRow+4*c.enc.Dim)
	if string(head[:4]) != blockMagic || count > maxCount || after > size {
		return nil, nil
	}
	table := make([]byte, count*int64(tableRow))
	if _, err := c.file.ReadAt(table, c.end+blockHead); err != nil {
		return nil, err
	}
	if sum(table) != binary.LittleEndian.Uint32(head[8:]) {
		return nil, nil
	}
	if after == size { // the last block may be of the right length and yet not what was written
		whole, err := c.whole(table)
		if !whole {
			return nil, err
		}
	}
	return table, nil
}

// whole tells whether the vectors behind a table are those that were written.
func (c *Cache) whole(table []byte) (bool, error) {
	vectors := io.NewSectionReader(c.file, c.end+blockHead+int64(len(table)), 1<<62)
	vector := make([]byte, 4*c.enc.Dim)
	for at := 0; at < len(table); at += tableRow {
		if _, err := io.ReadFull(vectors, vector); err != nil {
			return false, err
		}
		if sum(vector) != binary.LittleEndian.Uint32(table[at+len(Key{}):]) {
			return false, nil
		}
	}
	return true, nil
}

// learn takes in a block that is whole.
func (c *Cache) learn(table []byte) {
	at := c.end + blockHead + int64(len(table))
	for ; len(table) > 0; table = table[tableRow:] {
		key := Key(table[:len(Key{})])
		if _, ok := c.slots[key]; !ok {
			c.slots[key] = slot{at, binary.LittleEndian.Uint32(table[len(Key{}):])}
		}
		at += int64(4 * c.enc.Dim)
	}
	c.end = at
}

// append writes a block with those rows that are not there, and waits until it is on disk. The
// caller has the lock, and has absorbed what is in the file.
func (c *Cache) append(keys []Key, rows *matrix.Dense) error {
	var table, vectors []byte
	fresh := map[Key]bool{}
	for i, key := range keys {
		if _, ok := c.slots[key]; ok || fresh[key] {
			continue
		}
		fresh[key] = true
		begin := len(vectors)
		vectors = safetensors.AppendFloats(vectors, rows.Row(i))
		table = append(table, key[:]...)
		table = binary.LittleEndian.AppendUint32(table, sum(vectors[begin:]))
	}
	if len(fresh) == 0 {
		return nil
	}
	block := binary.LittleEndian.AppendUint32([]byte(blockMagic), uint32(len(fresh)))
	block = binary.LittleEndian.AppendUint32(block, sum(table))
	block = append(append(block, table...), vectors...)
	if _, err := c.file.WriteAt(block, c.end); err != nil {
		c.file.Truncate(c.end) // if that fails too, the next to open it does it
		return err
	}
	if err := c.file.Sync(); err != nil {
		return err
	}
	c.learn(table)
	return nil
}
