// The same from CommonJS.
import understudy = require('portal-understudy');

async function test(): Promise<void> {
  const stage: understudy.Stage = await understudy.startStage();
  await stage.verify([{ server: 'idp', atLeast: 1 }]);
  await stage.stop();
}
test().catch((error: understudy.UnderstudyError) => console.log(error.code));
