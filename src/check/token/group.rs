//! The PortalGroup that would let a token's bearer see APIs, by the claim that names the client.

use understudy_provider::Family;

use super::jwt::Jwt;

/// The claims that may name a client: Okta's, RFC 9068's and Keycloak's, and OpenID Connect's.
pub(super) const CLAIMS: [&str; 3] = ["cid", "client_id", "azp"];

/// The claim that names this client, where one does.
pub(in crate::check) fn claim(jwt: &Jwt, client_id: &str) -> Option<&'static str> {
    CLAIMS.into_iter().find(|name| jwt.text(name) == Some(client_id))
}

/// A PortalGroup in YAML that lets whoever has this claim see all APIs; indented, as messages show examples.
///
/// The members are those of the two families' resources: `apimanagement.gloo.solo.io/v2` selects APIs by their RouteTables'
/// labels, and all by `{}`; `portal.gloo.solo.io/v1` names products, of which `*` is all.
pub(in crate::check) fn yaml(family: Family, claim: &str, value: &str) -> String {
    // JSON's strings are YAML's.
    let value = serde_json::Value::from(value).to_string();
    let yaml = match family {
        Family::GlooMesh => format!(
            "apiVersion: apimanagement.gloo.solo.io/v2\n\
             kind: PortalGroup\n\
             metadata: {{name: backstage, namespace: gloo-mesh}}\n\
             spec:\n  \
               name: backstage\n  \
               membership:\n  \
               - claims:\n    \
                 - {{key: {claim}, value: {value}}}\n  \
               accessLevel:\n    \
                 apis:\n    \
                 - {{}}"
        ),
        Family::GlooGateway => format!(
            "apiVersion: portal.gloo.solo.io/v1\n\
             kind: PortalGroup\n\
             metadata: {{name: backstage, namespace: gloo-system}}\n\
             spec:\n  \
               membership:\n  \
               - claimGroup:\n    \
                 - {{key: {claim}, value: {value}}}\n  \
               apiProducts:\n  \
               - {{name: \"*\", namespace: gloo-system}} # where the ApiProducts are"
        ),
    };
    yaml.lines().map(|line| format!("    {line}\n")).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_family_s_group_is_yaml_whatever_the_client_is_called() {
        for family in [Family::GlooMesh, Family::GlooGateway] {
            let value: serde_json::Value = serde_saphyr::from_str(&yaml(family, "cid", "a: \"b\" #c")).unwrap();
            assert_eq!(value["kind"], "PortalGroup");
            let member = &value["spec"]["membership"][0];
            let claims = member.get("claims").or(member.get("claimGroup")).unwrap();
            assert_eq!(claims[0]["value"], "a: \"b\" #c");
        }
    }
}
