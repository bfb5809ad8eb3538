import http from 'node:http'; import { createHmac } from 'node:crypto'; import { readFileSync } from 'node:fs'; import { spawn } from 'node:child_process';
const body = 'payload=' + encodeURIComponent(JSON.stringify(JSON.parse(readFileSync(new URL('./fixtures/block-actions-message.json', import.meta.url)))));
async function run(mode, n) {
  const child = spawn(process.execPath, [new URL('./tmp-bench.ts', import.meta.url).pathname, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out=''; child.stdout.on('data', d => out += d);
  while (!out.includes('\n')) await new Promise(r => setTimeout(r, 50));
  const port = +out; out='';
  const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
  const one = () => new Promise((resolve, reject) => { const ts = Math.floor(Date.now()/1000); const req = http.request({ port, host:'127.0.0.1', path:'/slack/events', method:'POST', agent, headers: { 'content-type':'application/x-www-form-urlencoded','content-length': Buffer.byteLength(body),'x-slack-request-timestamp': ts, 'x-slack-signature': 'v0='+createHmac('sha256','s').update(`v0:${ts}:${body}`).digest('hex') } }, res => { res.resume(); res.on('end', () => res.statusCode===200?resolve():reject(new Error(res.statusCode))); }); req.on('error', reject); req.end(body); });
  const batch = async (count) => { let left = count; await Promise.all(Array.from({length:16}, async () => { while (left-- > 0) await one(); })); };
  await batch(1500);
  const t = performance.now(); const cpu0 = readFileSync(`/proc/${child.pid}/stat`,'utf8').split(') ')[1].split(' '); 
  await batch(n);
  const cpu1 = readFileSync(`/proc/${child.pid}/stat`,'utf8').split(') ')[1].split(' ');
  const ms = performance.now()-t; const cpu = ((+cpu1[11]+ +cpu1[12]) - (+cpu0[11]+ +cpu0[12]))*10/n;
  agent.destroy(); child.kill();
  return { mode, rps: Math.round(n/ms*1000), cpuMs: cpu.toFixed(3) };
}
for (let i=0;i<4;i++) for (const m of ['bare','ours']) console.log(await run(m, 4000));
