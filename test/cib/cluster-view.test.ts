import { expect, test } from 'vitest'
import { parseClusterView } from '../../cib/cluster-view.ts'

const XML = `<pacemaker-result><nodes>
<node name="node1" id="1" online="true" unclean="false" type="member"/>
<node name="node2" id="2" online="false" unclean="true" type="member"/>
<node name="node3" id="3" online="false" unclean="false" type="member"/>
<node name="guest" id="4" online="true" unclean="false" type="remote"/></nodes>
<resources><clone id="db-clone"><resource id="db" role="Promoted" active="true"><node name="node1" id="1" cached="true"/></resource>
<resource id="db:1" role="Unpromoted" failed="true"><node name="node2" id="2" cached="true"/></resource>
<resource id="db" role="Stopped" active="false"/></clone>
<resource id="vip" role="Started"><node name="node3" id="3" cached="true"/></resource></resources></pacemaker-result>`

test('who is there is read from what crm_mon prints', () => {
  expect(parseClusterView('db', XML)).toEqual({
    online: ['node1'],
    unclean: ['node2'],
    active: ['node1', 'node2'],
  })
})
