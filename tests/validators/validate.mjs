// Backstage's own checks of entities, as its catalog makes them: reads a JSON value a line, and answers each with a line,
// which is empty where every release takes the entity, and says who refuses it and why where one does not.
//
// The catalog makes these checks in plugins/catalog-backend/src/service/CatalogBuilder.ts (the policies),
// modules/core/BuiltinKindsEntityProcessor.ts (the kinds) and processing/DefaultCatalogProcessingOrchestrator.ts (the
// envelope and the locations).
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);

const releases = ['@backstage/catalog-model', 'catalog-model-2023'].map(name => {
  const model = require(name);
  const { version } = require(`${name}/package.json`);
  const policy = model.EntityPolicies.allOf([
    new model.SchemaValidEntityPolicy(),
    new model.DefaultNamespaceEntityPolicy(),
    new model.NoForeignRootFieldsEntityPolicy(),
    new model.FieldFormatEntityPolicy(model.makeValidator()),
  ]);
  const envelope = model.entityEnvelopeSchemaValidator();
  const kinds = {
    API: model.apiEntityV1alpha1Validator,
    Group: model.groupEntityV1alpha1Validator,
    System: model.systemEntityV1alpha1Validator,
    User: model.userEntityV1alpha1Validator,
  };
  const locations = [model.ANNOTATION_LOCATION, model.ANNOTATION_ORIGIN_LOCATION];
  return {
    name: `catalog-model ${version}`,
    async check(entity) {
      envelope(entity);
      await policy.enforce(structuredClone(entity));
      if (!(await kinds[entity.kind].check(entity))) throw new Error(`no ${entity.kind} by its apiVersion and kind`);
      for (const key of locations) model.parseLocationRef(entity.metadata.annotations[key]);
    },
  };
});

for await (const line of createInterface({ input: process.stdin })) {
  const entity = JSON.parse(line);
  const refused = [];
  for (const { name, check } of releases) {
    try {
      await check(entity);
    } catch (error) {
      refused.push(`${name}: ${error.message.replaceAll('\n', ' ')}`);
    }
  }
  console.log(refused.join('; '));
}
