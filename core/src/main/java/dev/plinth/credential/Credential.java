package dev.plinth.credential;

import dev.plinth.schema.Doc;
import dev.plinth.secret.Secret;
import java.util.Optional;

/**
 * Who one is to another system: a user with a password, or an id with a key, as that system wants. It prints without its
 * secrets. Immutable.
 *
 * @param username of a user
 * @param password of that user
 * @param accessId of a program; clouds call it access key id or client id
 * @param accessKey that belongs to it; clouds call it secret key or client secret
 */
public record Credential(
        @Doc("Name of a user.") Optional<String> username,
        @Doc("Password of that user.") Optional<Secret> password,
        @Doc("Id of a program: access key id, client id.") Optional<String> accessId,
        @Doc("Key of that program: secret key, client secret.") Optional<Secret> accessKey) {
    /** Nothing at all: what is looked up is taken as it is. */
    public static final Credential NONE =
            new Credential(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** What is given here, and for the rest what {@code weaker} gives. */
    public Credential over(Credential weaker) {
        return new Credential(
                username.or(weaker::username),
                password.or(weaker::password),
                accessId.or(weaker::accessId),
                accessKey.or(weaker::accessKey));
    }
}
