// Runs inside the sandbox as the parent of the command: carries connections from a loopback port to the gateway's
// socket, and starts the command once the port listens. Knows nothing about what is carried.
// Plain JavaScript, because Node reads it at every start and removing types would cost more than all the rest.
import { spawn } from 'node:child_process';
import { closeSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { constants } from 'node:os';

// By descriptor and not by argument: what the command is given is not this process's own environment, which would
// let a variable meant for the command (NODE_OPTIONS) change the relay.
const descriptor = Number(process.argv[2]);
/** @type {{ socket: string, port: number, argv: string[], env: Record<string, string> }} */
const { socket, port, argv, env } = JSON.parse(readFileSync(descriptor, 'utf8'));
closeSync(descriptor);

const server = createServer({ allowHalfOpen: true }, (client) => {
  const gateway = connect({ path: socket, allowHalfOpen: true });
  client.on('error', () => gateway.destroy());
  gateway.on('error', () => client.destroy());
  client.on('close', () => gateway.destroy());
  gateway.on('close', () => client.destroy());
  client.pipe(gateway);
  gateway.pipe(client);
});

server.on('error', (error) => finish(125, `the gateway relay cannot listen: ${error.message}`));
server.listen(port, '127.0.0.1', () => {
  const [program = '', ...args] = argv;
  const command = spawn(program, args, { env, stdio: 'inherit' });
  command.on('error', (error) => finish('code' in error && error.code === 'ENOENT' ? 127 : 126, error.message));
  command.on('exit', (code, signal) => finish(signal ? 128 + constants.signals[signal] : (code ?? 125)));
});

/**
 * @param {number} code
 * @param {string} [complaint]
 */
function finish(code, complaint) {
  if (complaint) process.stderr.write(`${complaint}\n`);
  process.exit(code);
}
