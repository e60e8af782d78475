package dev.plinth.etcd;

import dev.plinth.schema.Doc;
import dev.plinth.secret.Secret;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;

/**
 * Who one is to an etcd that has users.
 *
 * @param name of the user, who needs to read and, to announce, to write below the prefix
 * @param password its password
 */
public record EtcdUser(
        @NotBlank @Doc("Name of the user.") String name, @NotNull @Doc("Its password.") Secret password) {}
