// Command drill proves that no fen is lost or doubled while everything fails that
// can fail: thousands of random actions of owners, by several workers, against two
// server processes (the real binary) on one database, while
//
//   - the sandbox in WeChat's place delays, drops, repeats, reorders and forges its
//     callbacks, times out, and answers 429, 500 or without a signature;
//   - connections between server and database, server and WeChat, and phones and
//     server are cut or stand still;
//   - the processes are killed with SIGKILL and started again.
//
// Then the faults end, all is left to settle, the books must agree with themselves
// (`check`), and WeChat's own books must equal ours to the fen, order by order and
// in sum. It exits with 1 otherwise.
//
//	.ci/mariadb go run ./drill               two processes on a MariaDB
//	go run ./drill                           one process on SQLite
//	go run ./drill -seed 7 -plan             the actions of a seed, without doing them
//
// The same seed gives the same actions, faults and kills by chance in the same
// order; when each falls depends on the machine. Business time runs on through
// several days: at the end of each the processes are killed and the clock is put to
// the next morning.
package main
