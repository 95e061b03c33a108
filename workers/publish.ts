import type { Processor } from 'bullmq';
import { runArchive } from '../src/engine/archive/run-archive.ts';
import { type CarryOutPorts, carryOut } from '../src/engine/carry-out.ts';
import { lookAtPulls } from '../src/engine/look-at-pulls.ts';
import { present } from '../src/engine/present.ts';
import { proposeNotes } from '../src/engine/propose-notes.ts';
import { proposeSettings } from '../src/engine/propose-settings.ts';
import { publishBranch } from '../src/engine/publish-branch.ts';
import { readGroup } from '../src/engine/read-group.ts';
import { runMerge, runProveMerge } from '../src/engine/run-merge.ts';
import { settleLane } from '../src/engine/settle-lane.ts';
import { showGroup } from '../src/engine/show-group.ts';
import { tell } from '../src/engine/tell.ts';
import type { WorkPorts } from '../src/engine/work-ports.ts';
import { ActionJob } from '../src/queue/job-data.ts';

export function processPublish(carry: CarryOutPorts, work: WorkPorts): Processor {
  return async (job) => {
    const data = ActionJob.parse(job.data);
    switch (data.kind) {
      case 'publish_branch':
        return await carryOut(carry, { ...data, kind: 'publish_branch' }, (held) => publishBranch(work, held));
      case 'merge':
        return await carryOut(carry, { ...data, kind: 'merge' }, (held) => runMerge(work, held));
      case 'tell':
        return await carryOut(carry, { ...data, kind: 'tell' }, (held) => tell(carry, held));
      case 'settle_lane':
        return await carryOut(carry, { ...data, kind: 'settle_lane' }, (held) => settleLane(work, held));
      case 'read_group':
        return await carryOut(carry, { ...data, kind: 'read_group' }, (held) => readGroup(work, held));
      case 'show_group':
        return await carryOut(carry, { ...data, kind: 'show_group' }, (held) => showGroup(work, held));
      case 'prove_merge':
        return await carryOut(carry, { ...data, kind: 'prove_merge' }, (held) => runProveMerge(work, held));
      case 'archive':
        return await carryOut(carry, { ...data, kind: 'archive' }, (held) => runArchive(work, held));
      case 'propose_settings':
        return await carryOut(carry, { ...data, kind: 'propose_settings' }, (held) => proposeSettings(work, held));
      case 'propose_notes':
        return await carryOut(carry, { ...data, kind: 'propose_notes' }, (held) => proposeNotes(work, held));
      case 'look_at_pulls':
        return await carryOut(carry, { ...data, kind: 'look_at_pulls' }, (held) =>
          lookAtPulls({ ...work, queue: carry.queue }, held),
        );
      default:
        return await carryOut(carry, { ...data, kind: 'present' }, (held) => present(work, held));
    }
  };
}
