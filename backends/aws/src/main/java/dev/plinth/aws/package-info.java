/** What needs the AWS SDK. */
@NullMarked
package dev.plinth.aws;

import org.jspecify.annotations.NullMarked;
