/** What must hold whatever fails, judged from what was seen: no clock, no process, no file is touched here. */
package io.lull.bench.faults.check;
