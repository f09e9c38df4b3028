//! Whether containers can be started here, and from which images.

use testcontainers::GenericImage;
use testcontainers::core::client::docker_client_instance;

/// An image by name and tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image {
    /// The repository's name, with its registry where it has one.
    pub name: &'static str,
    /// The tag.
    pub tag: &'static str,
}

impl Image {
    /// The image as testcontainers starts it.
    pub fn generic(self) -> GenericImage {
        GenericImage::new(self.name, self.tag)
    }
}

impl std::fmt::Display for Image {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.name, self.tag)
    }
}

/// Why containers of these images can't be started here, in words; none when they can.
pub async fn why_not(images: &[Image]) -> Option<String> {
    let docker = match docker_client_instance().await {
        Ok(docker) => docker,
        Err(error) => return Some(format!("no container engine can be asked: {error}")),
    };
    if let Err(error) = docker.ping().await {
        return Some(format!("no container engine answers ({error}); tests/containers/install.sh starts one"));
    }
    for image in images {
        if docker.inspect_image(&image.to_string()).await.is_err() {
            return Some(format!("there is no image {image}; tests/containers/install.sh makes it"));
        }
    }
    None
}
