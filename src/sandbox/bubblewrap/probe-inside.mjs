// Runs inside the probe's sandbox and tells what it found there, as one line of JSON.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';

const [ports, hostPath, processes] = process.argv.slice(1);

function attempt(action) {
  try {
    action();
    return 'done';
  } catch (error) {
    return error.code;
  }
}

/** How many processes can run at once, up to a number that should never be reached. */
function countProcesses(most) {
  const children = [];
  while (children.length < most) {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    child.on('error', () => undefined);
    if (child.pid === undefined) break;
    children.push(child);
  }
  for (const child of children) child.kill('SIGKILL');
  return children.length;
}

/** What is said there, or why nothing is. */
function listen(port) {
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('data', (data) => resolve(String(data)));
    socket.on('error', (error) => resolve(error.code));
    socket.on('end', () => resolve('nothing'));
  });
}

const [gateway, proxy, machine] = await Promise.all(ports.split(',').map(listen));

process.stdout.write(
  JSON.stringify({
    uid: process.getuid(),
    interfaces: Object.keys(networkInterfaces()),
    variables: readFileSync('/proc/1/environ', 'utf8')
      .split('\0')
      .filter(Boolean)
      .map((entry) => entry.split('=', 1)[0]),
    kernelSetting: attempt(() => closeSync(openSync('/proc/sys/kernel/core_pattern', 'r+'))),
    workspace: attempt(() => writeFileSync('/workspace/probe', 'probe')),
    seesHost: existsSync(hostPath),
    processes: countProcesses(Number(processes)),
    gateway,
    proxy,
    machine,
  }),
);
process.exit(0);
