/** What needs the AWS SDK. */
module dev.plinth.aws {
    requires static org.jspecify;
    requires transitive dev.plinth;
    requires software.amazon.awssdk.auth;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.core;
    requires software.amazon.awssdk.http;
    requires software.amazon.awssdk.http.urlconnection;
    requires software.amazon.awssdk.regions;
    requires software.amazon.awssdk.services.kms;

    exports dev.plinth.aws;

    provides dev.plinth.config.DecryptionBackend with
            dev.plinth.aws.KmsBackend;
}
